import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Child } from './child.js';
import { alternate, count, line } from './measure.js';

/** Jobs without work, each with the step that follows: straight from Postgres, through BullMQ on Redis, and BullMQ alone on the same Redis. */
export async function jobs(postgres, { instances = 4_000 } = {}) {
  const redis = await startRedis();
  const measure = (child) => async () => {
    const { perSecond, own } = await child.ask({ instances, pids: [postgres.pid, redis?.child.pid ?? 0] });
    return { perSecond, own: own[0], database: own[1], redis: own[2] };
  };
  const direct = await Child.start('xflow-jobs.js', { url: await postgres.database('jobs', 100) });
  const children = [direct];
  const works = [measure(direct)];
  if (redis) {
    const queued = await Child.start('xflow-jobs.js', {
      url: await postgres.database('queued_jobs', 100),
      redis: redis.url,
    });
    const alone = await Child.start('bullmq-alone.js', { redis: redis.url });
    children.push(queued, alone);
    works.push(measure(queued), measure(alone));
  }
  const [ours, queued, alone] = await alternate(works);
  line('jobs without work, straight from Postgres: a second', count(ours.perSecond));
  const cost = (of) => [of.own, of.database, of.redis].map(Math.round).join(' + ');
  line('their processor time, server + Postgres + Redis: µs a job', cost(ours));
  if (redis) {
    line(
      'jobs without work, through BullMQ on Redis: a second',
      count(queued.perSecond),
      `BullMQ alone: ${count(alone.perSecond)}`,
      `${(queued.perSecond / alone.perSecond).toFixed(2)} of it (0.7 wanted)`,
    );
    line('their processor time, server + Postgres + Redis: µs a job', cost(queued), `BullMQ alone: ${cost(alone)}`);
  } else line('jobs without work, through BullMQ on Redis: a second', 'no redis-server');
  for (const child of children) await child.stop();
  redis?.child.kill('SIGKILL');
}

async function startRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  return { url: `redis://127.0.0.1:${port}`, child };
}
