import { register } from 'node:module';

/** Plants the bug that CHAOS_MUTATION names: for --import, after the hooks of TypeScript. */
if (process.env.CHAOS_MUTATION) register('./mutating-hooks.js', import.meta.url);
