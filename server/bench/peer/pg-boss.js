import * as module from 'pg-boss';
import { options, serve } from '../child.js';

/** Chains of ten jobs, of which each adds the next; a worker fetches up to a hundred, every half second at the latest, as fast as pg-boss allows. */
const PgBoss = module.PgBoss ?? module.default;
const boss = new PgBoss({ connectionString: options().url, max: 10 });
boss.on('error', () => undefined);
await boss.start();
await boss.createQueue('step');
let left = 0;
let finished = () => undefined;
for (let worker = 0; worker < 4; worker += 1)
  await boss.work('step', { batchSize: 100, pollingIntervalSeconds: 0.5 }, async (jobs) => {
    const next = jobs.filter(({ data }) => data.step < 9);
    if (next.length > 0)
      await boss.insert(
        'step',
        next.map(({ data }) => ({ data: { step: data.step + 1 } })),
      );
    left -= jobs.length - next.length;
    if (left === 0) finished();
  });

serve(
  {},
  async ({ instances }) => {
    const begin = performance.now();
    left = instances;
    const end = new Promise((resolve) => (finished = resolve));
    await boss.insert(
      'step',
      Array.from({ length: instances }, () => ({ data: { step: 0 } })),
    );
    await end;
    return { seconds: (performance.now() - begin) / 1000 };
  },
  () => boss.stop({ graceful: false }),
);
