import { DBOS } from '@dbos-inc/dbos-sdk';
import { options, serve } from '../child.js';

/** Workflows of ten steps, fifty at a time. */
DBOS.setConfig({ name: 'bench', systemDatabaseUrl: options().url, logLevel: 'error' });
const workflow = DBOS.registerWorkflow(
  async () => {
    for (let step = 0; step < 10; step += 1) await DBOS.runStep(() => Promise.resolve(1), { name: `step${step}` });
  },
  { name: 'tenSteps' },
);
await DBOS.launch();

serve(
  {},
  async ({ instances }) => {
    const begin = performance.now();
    let left = instances;
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        await workflow();
      }
    };
    await Promise.all(Array.from({ length: 50 }, lane));
    return { seconds: (performance.now() - begin) / 1000 };
  },
  () => DBOS.shutdown(),
);
