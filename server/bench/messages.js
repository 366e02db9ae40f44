import { Child } from './child.js';
import { count, line, median, processorSecondsOfTree } from './measure.js';
import { start } from './starts.js';

/** From a message that comes over HTTP to the next node of the instance that waited for it, at a steady rate. */
export async function messages(
  postgres,
  { perSecond = 2_000, users = 5_000, seconds = 5, rounds = 5, warmUps = 4 } = {},
) {
  const url = await postgres.database('messages', users);
  const server = await Child.start('xflow-messages.js', { url });
  await start(server.ready.url, 'messages', {
    users: Array.from({ length: users }, (_, number) => ({ userId: `user-${number}` })),
  });
  await server.ask({});
  const { hostname, port } = new URL(server.ready.url);
  const client = await Child.start('load-client.js', { host: hostname, port: Number(port) });
  const results = [];
  for (let round = 0; round < rounds + warmUps; round += 1) {
    const used = [server.pid, postgres.pid].map(processorSecondsOfTree);
    const sent = await client.ask({
      connections: 200,
      perSecond,
      seconds,
      users,
      path: '/api/messages',
      body: '{"name":"ordered","correlationKey":"{user}","variables":{"order":{n}}}',
    });
    const measured = await server.ask({});
    const [own, database] = [server.pid, postgres.pid].map(
      (pid, index) => ((processorSecondsOfTree(pid) - used[index]) * 1e6) / sent.requests,
    );
    results.push({ ...measured, sent: sent.perSecond, own, database });
  }
  const of = (name) => median(results.slice(warmUps).map((result) => result[name]));
  line(
    `message accepted to next node executed, ${count(perSecond)} a second: ms p50 / p99`,
    `${of('p50').toFixed(1)} / ${of('p99').toFixed(1)}`,
    `from its arrival: ${of('arrivalP50').toFixed(1)} / ${of('arrivalP99').toFixed(1)}; ${count(of('sent'))} a second were accepted`,
    '5 / 25 wanted',
  );
  line(
    'its processor time, server + Postgres: µs a message',
    `${Math.round(of('own'))} + ${Math.round(of('database'))}`,
  );
  for (const child of [client, server]) await child.stop();
}
