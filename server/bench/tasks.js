import { Child } from './child.js';
import { workerTask } from './diagrams.js';
import { alternate, count, line } from './measure.js';
import { deploy, start } from './starts.js';

/** Tasks of workers over HTTP: activated and completed in batches, each completion with the step that follows. */
export async function tasks(postgres, { instances = 5_000, workers = 4, batch = 250 } = {}) {
  const url = await postgres.database('tasks', 100);
  const server = await Child.start('xflow-server.js', { url });
  await deploy(server.ready.url, workerTask);
  const worker = await Child.start('task-worker.js', { url: server.ready.url });
  const users = Array.from({ length: instances }, (_, index) => ({ userId: `user-${index % 100}` }));
  const measure = async () => {
    await start(server.ready.url, 'worker-task', { users });
    while ((await postgres.query(url, 'SELECT count(*)::int AS n FROM task'))[0].n < instances);
    const { seconds } = await worker.ask({ tasks: instances, workers, batch });
    return { perSecond: instances / seconds };
  };
  const [ours] = await alternate([measure]);
  line(
    `tasks of workers over HTTP, ${workers} at a time, ${batch} a request: a second`,
    count(ours.perSecond),
    '',
    '3,000 wanted',
  );
  for (const child of [worker, server]) await child.stop();
}
