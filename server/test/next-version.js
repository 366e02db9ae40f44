import { register } from 'node:module';

register('./typescript-hooks.js', import.meta.url);
// After those of TypeScript: they see what was compiled.
register('./next-version-hooks.js', import.meta.url);
