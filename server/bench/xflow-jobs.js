import 'reflect-metadata';
import { Pool } from 'pg';
import { createServer } from '../dist/main/create-server.js';
import { TaskHandler } from '../dist/task-handlers/task-handler.js';
import { options, serve } from './child.js';
import { workerTask } from './diagrams.js';
import { stopwatch } from './measure.js';
import { deploy, start } from './starts.js';

let stop;
let begin;
/** Jobs that have yet to run, and what is called when there are none. */
let left;
let ran;

class BenchJob {
  run() {
    stop ??= begin();
    left -= 1;
    if (left === 0) ran();
    return Promise.resolve(null);
  }
}
TaskHandler('bench', { schema: { type: 'object' }, concurrency: 64 })(BenchJob);

const { url, redis } = options();
const pool = new Pool({ connectionString: url, max: 1 });
const count = async (text) => (await pool.query(text)).rows[0].n;

/**
 * Makes jobs while no server has their handler, then measures one that has: from the first job begun to the last instance ended. The database is asked
 * for that only after the last job has run: to count the rows all along took a fifth of PostgreSQL's time.
 */
serve({}, async ({ instances, pids }) => {
  delete process.env.REDIS_URL;
  const without = await createServer({ databaseUrl: url, port: 0 });
  await deploy(without.url, workerTask);
  const users = Array.from({ length: instances }, (_, index) => ({ userId: `user-${index % 100}` }));
  await start(without.url, 'worker-task', { users });
  while ((await count('SELECT count(*)::int AS n FROM task')) < instances);
  await without.close();
  if (redis) process.env.REDIS_URL = redis;
  stop = undefined;
  begin = () => stopwatch(pids);
  left = instances;
  const allRan = new Promise((resolve) => (ran = resolve));
  const server = await createServer({ databaseUrl: url, port: 0, handlers: [BenchJob] });
  await allRan;
  while ((await count('SELECT count(*)::int AS n FROM task')) > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const { seconds, processor } = stop();
  await server.close();
  return { perSecond: instances / seconds, own: processor.map((used) => (used * 1e6) / instances) };
});
