import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.js';
import { oneDay } from './diagrams.js';
import { count, line, peakMemory } from './measure.js';
import { populate } from './population.js';
import { query } from './postgres.js';
import { deploy, start } from './starts.js';

/** So many timers due within one minute, on a server that meanwhile takes starts over HTTP: how late they are, and how long a start takes. */
export async function herd(postgres, { timers = 1_000_000, minute = 60, perSecond = 50 } = {}) {
  const users = 10_000;
  const url = await postgres.database('herd', users);
  const { url: serverUrl, pid, stop } = await serve(url);
  await query(
    url,
    `INSERT INTO user_profile (subject_id, created_at, updated_at) VALUES ('user-pattern', now(), now())`,
  );
  await deploy(serverUrl, oneDay);
  await start(serverUrl, 'one-day', { userId: 'user-pattern' });
  const [{ begin }] = await query(url, `SELECT extract(epoch FROM now())::float8 + $1::int / 20000 + 20 AS begin`, [
    timers,
  ]);
  await populate(url, users, users + timers, `to_timestamp(${begin} + c.number % 1000 * ${minute / 1000})`);
  await query(url, 'ANALYZE');
  const { hostname, port } = new URL(serverUrl);
  const client = await Child.start('load-client.js', { host: hostname, port: Number(port) });
  await sleep(Math.max(0, begin * 1000 - Date.now()));
  const begun = performance.now();
  let done = false;
  const ending = (async () => {
    for (;;) {
      const [{ left }] = await query(
        url,
        `SELECT count(*)::int AS left FROM (SELECT FROM command WHERE due_at < to_timestamp($1) LIMIT 1) AS due`,
        [begin + minute],
      );
      if (left === 0) break;
      await sleep(1_000);
    }
    done = true;
    return (performance.now() - begun) / 1000;
  })();
  const loads = [];
  while (!done)
    loads.push(
      await client.ask({
        connections: 10,
        perSecond,
        seconds: 5,
        users,
        path: '/api/workflows/one-day/start',
        body: '{"userId":"{user}"}',
      }),
    );
  const seconds = await ending;
  const [late] = await query(
    url,
    `SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at) - business_key::float8 / 1000) AS late,
       min(extract(epoch FROM ended_at) - business_key::float8 / 1000) AS earliest
     FROM instance WHERE business_key IS NOT NULL AND status = 'completed'`,
  );
  line(
    `${count(timers)} timers due within ${minute} s: fired after, seconds`,
    seconds.toFixed(0),
    `late by p50 / p99: ${late.late.map((value) => value.toFixed(1)).join(' / ')} s; none early: ${Number(late.earliest) >= 0}`,
    `${count(timers / seconds)} a second`,
  );
  line(
    `starts over HTTP meanwhile, ${perSecond} a second: ms p50 / p99, worst of 5 s each`,
    `${Math.max(...loads.map((load) => load.p50)).toFixed(0)} / ${Math.max(...loads.map((load) => load.p99)).toFixed(0)}`,
    `refused: ${loads.reduce((sum, load) => sum + load.refused, 0)}; memory of the server at most ${Math.round(peakMemory(pid))} MB`,
    'memory under 400 wanted',
  );
  await client.stop();
  await stop();
}

async function serve(url) {
  const server = await Child.start('xflow-server.js', { url });
  return { url: server.ready.url, pid: server.pid, stop: () => server.stop() };
}
