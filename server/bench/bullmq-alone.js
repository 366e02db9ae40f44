import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { options, serve } from './child.js';
import { stopwatch } from './measure.js';

const connection = new Redis(options().redis, { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection, defaultJobOptions: { removeOnComplete: true } });

/** Adds jobs and does nothing with them, as many at a time as the handler of the server. */
serve({}, async ({ instances, pids }) => {
  const stop = stopwatch(pids);
  let done = 0;
  let worker;
  const over = new Promise((resolve) => {
    worker = new Worker(
      'bench',
      () => {
        done += 1;
        if (done === instances) setImmediate(resolve);
        return Promise.resolve();
      },
      { connection, concurrency: 64, removeOnComplete: { count: 0 } },
    );
  });
  for (let added = 0; added < instances; added += 1_000)
    await queue.addBulk(
      Array.from({ length: Math.min(1_000, instances - added) }, () => ({ name: 'bench', data: {} })),
    );
  await over;
  const { seconds, processor } = stop();
  await worker.close();
  return { perSecond: instances / seconds, own: processor.map((used) => (used * 1e6) / instances) };
});
