import { Child } from './child.js';
import { workerTask } from './diagrams.js';
import { alternate, count, line, processorSecondsOfTree } from './measure.js';
import { deploy, start } from './starts.js';

const cost = ({ own, database, working }) => [own, database, working].map(Math.round).join(' + ');

/** Tasks of workers over HTTP: activated and completed in batches, each completion with the step that follows. */
export async function tasks(postgres, { instances = 5_000, workers = 4, batch = 250 } = {}) {
  const url = await postgres.database('tasks', 100);
  const server = await Child.start('xflow-server.js', { url });
  await deploy(server.ready.url, workerTask);
  const worker = await Child.start('task-worker.js', { url: server.ready.url });
  const users = Array.from({ length: instances }, (_, index) => ({ userId: `user-${index % 100}` }));
  const measure = (client) => async () => {
    await start(server.ready.url, 'worker-task', { users });
    while ((await postgres.query(url, 'SELECT count(*)::int AS n FROM task'))[0].n < instances);
    const processes = [server, postgres, worker];
    const before = processes.map(({ pid }) => processorSecondsOfTree(pid));
    const { seconds } = await worker.ask({ client, tasks: instances, workers, batch });
    const [own, database, working] = processes.map(
      ({ pid }, index) => ((processorSecondsOfTree(pid) - before[index]) * 1e6) / instances,
    );
    return { perSecond: instances / seconds, own, database, working };
  };
  const [ours, client] = await alternate([measure(false), measure(true)]);
  line(
    `tasks of workers over HTTP, ${workers} at a time, ${batch} a request: a second`,
    count(ours.perSecond),
    '',
    '3,000 wanted',
  );
  line('their processor time, server + Postgres + worker: µs a task', cost(ours));
  line(
    `the same by the client for TypeScript, ${batch} tasks at a time: a second`,
    count(client.perSecond),
    `processor time: ${cost(client)}`,
  );
  for (const child of [worker, server]) await child.stop();
}
