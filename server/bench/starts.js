import { Child } from './child.js';
import { tenNodes } from './diagrams.js';
import { alternate, count, line, processorSecondsOfTree } from './measure.js';
import { query } from './postgres.js';

const users = 10_000;
const connections = 50;
/** Seconds of load before measuring: that long, the compiler of V8 goes on finding what to make faster. */
const warmUp = 20;

/** Durable starts over HTTP, through validation and the whole stack, against a bare Nest-Fastify group commit of the same rows. */
export async function starts(postgres, { seconds = 4 } = {}) {
  const url = await postgres.database('starts', users);
  const server = await Child.start('xflow-server.js', { url });
  await deploy(server.ready.url, tenNodes);
  await start(server.ready.url, 'ten-nodes', { userId: 'user-1', variables: { amount: 120 } });
  const bareUrl = await postgres.database('bare');
  const bare = await Child.start('bare-server.js', { url: bareUrl, content: await writtenContent(url) });
  const client = (target) => Child.start('load-client.js', { host: target.hostname, port: Number(target.port) });
  const [load, bareLoad] = [await client(new URL(server.ready.url)), await client(new URL(bare.ready.url))];
  const measure = (child, of) => async (round) => {
    const before = [
      processorSecondsOfTree(of.pid),
      processorSecondsOfTree(postgres.pid),
      processorSecondsOfTree(child.pid),
    ];
    const result = await child.ask({
      connections,
      seconds: round === 0 ? warmUp : seconds,
      path: '/api/workflows/ten-nodes/start',
      body: '{"userId":"{user}","variables":{"amount":120,"order":{"id":"o-{n}","items":3}}}',
      users,
    });
    const after = [
      processorSecondsOfTree(of.pid),
      processorSecondsOfTree(postgres.pid),
      processorSecondsOfTree(child.pid),
    ];
    const [server, database, loading] = after.map((used, index) => ((used - before[index]) * 1e6) / result.requests);
    return { ...result, server, database, loading };
  };
  const [ours, ceiling] = await alternate([measure(load, server), measure(bareLoad, bare)]);
  line(
    `durable starts over HTTP, ${connections} connections: a second`,
    count(ours.perSecond),
    `bare group commit: ${count(ceiling.perSecond)}`,
    `${(ours.perSecond / ceiling.perSecond).toFixed(2)} of it (0.6 wanted; 5,000/s)`,
  );
  line(
    'their latency p50 / p99: ms',
    `${ours.p50.toFixed(1)} / ${ours.p99.toFixed(1)}`,
    `bare group commit: ${ceiling.p50.toFixed(1)} / ${ceiling.p99.toFixed(1)}`,
    'p99 under 60 wanted',
  );
  line(
    'their processor time, server + Postgres + client: µs a start',
    [ours.server, ours.database, ours.loading].map(Math.round).join(' + '),
    `bare: ${[ceiling.server, ceiling.database, ceiling.loading].map(Math.round).join(' + ')}`,
    `${((ceiling.server + ceiling.database + ceiling.loading) / (ours.server + ours.database + ours.loading)).toFixed(2)} of it`,
  );
  for (const child of [load, bareLoad, server, bare]) await child.stop();
}

export async function deploy(url, xml) {
  await post(`${url}/api/workflows`, xml, 'application/xml');
}

export async function start(url, key, body) {
  return await post(`${url}/api/workflows/${key}/start`, JSON.stringify(body));
}

async function post(url, body, type = 'application/json') {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return await response.json();
}

/** What the server wrote for its newest instance at a revision, which the bare writer then writes, too. JSON as text. */
export async function writtenContent(url, revision = 1) {
  const [row] = await query(
    url,
    `SELECT i.workflow_key AS "workflowKey", i.state::text AS state, h.steps::text AS steps,
       coalesce(c.payload::text, '{"input":{"kind":"timer-due","timerId":"wait5 1 1"}}') AS input
     FROM instance i JOIN history h ON h.instance_id = i.id LEFT JOIN command c ON c.instance_id = i.id
     WHERE h.revision = $1 ORDER BY i.id DESC LIMIT 1`,
    [revision],
  );
  return row;
}
