import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { options, serve } from '../child.js';

/** Chains of ten jobs, of which each adds the next. */
let left = 0;
let finished = () => undefined;
const logger = new Logger(() => () => undefined);
const utils = await makeWorkerUtils({ connectionString: options().url, logger });
await utils.migrate();
const runner = await run({
  connectionString: options().url,
  concurrency: 10,
  maxPoolSize: 12,
  noHandleSignals: true,
  logger,
  taskList: {
    async step({ step }, { addJob }) {
      if (step < 9) await addJob('step', { step: step + 1 });
      else if ((left -= 1) === 0) finished();
    },
  },
});

serve(
  {},
  async ({ instances }) => {
    const begin = performance.now();
    left = instances;
    const end = new Promise((resolve) => (finished = resolve));
    await utils.addJobs(Array.from({ length: instances }, () => ({ identifier: 'step', payload: { step: 0 } })));
    await end;
    return { seconds: (performance.now() - begin) / 1000 };
  },
  () => runner.stop(),
);
