import { diagram, end, process, sequence, start, wait } from './diagram.js';
import { startTestServer } from './test-server.js';
const ext = (tag: string, id: string, element: string) =>
  `<bpmn:${tag} id="${id}"><bpmn:extensionElements>${element}</bpmn:extensionElements></bpmn:${tag}>`;
it('journey', async () => {
  const server = await startTestServer();
  const n = 4372;
  const users = Array.from({ length: n }, (_, i) =>
    JSON.stringify({ id: `u${i}`, attributes: { email: `u${i}@example.com`, name: `N${i}` } }),
  ).join('\n');
  const post = async (p: string, body: string) => {
    const r = await fetch(`${server.url}/api${p}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    });
    if (!r.ok) throw new Error(await r.text());
    return r.json();
  };
  let t = Date.now();
  await post('/users/bulk', users);
  console.log('users', Date.now() - t);
  t = Date.now();
  let total = 0;
  for (let k = 0; k < 9; k++) {
    const lines: string[] = [];
    for (let i = 0; i < 60_000; i++) {
      const x = k * 60_000 + i;
      lines.push(
        `{"userId":"u${(x * 7919) % n}","name":"purchase","id":"e${x}","at":"${new Date(Date.parse('2025-02-01T00:00:00Z') + x * 50_000).toISOString()}","properties":{"amount":${(x % 5000) / 100},"country":"United Kingdom","stockCode":"85123A","quantity":6}}`,
      );
    }
    total += 60_000;
    await post('/events/bulk', lines.join('\n'));
  }
  console.log('events/s over HTTP', Math.round(total / ((Date.now() - t) / 1000)));
  await server.api.ok('POST', '/segments', {
    id: 'vip',
    rule: { event: 'purchase', aggregate: 'sum', of: 'amount', window: 'P365D', operator: 'gte', value: 1000 },
  });
  t = Date.now();
  console.log(await server.api.ok('POST', '/segments/evaluate', { segment: 'vip' }), Date.now() - t, 'ms');
  await server.api.ok('PUT', '/templates/t', {
    id: 't',
    subject: 'Hi {{ user.attributes.name }}',
    body: '<p>{{ user.attributes.name }} {{ user.tier }}</p>',
  });
  const spent = (value: number) => ({ event: 'purchase', aggregate: 'sum', of: 'amount', operator: 'gte', value });
  await server.api.ok('PUT', '/ladders/l', {
    id: 'l',
    tiers: [
      { tier: 'a', rule: spent(0) },
      { tier: 'b', rule: spent(2000) },
      { tier: 'c', rule: spent(3000), points: 5 },
    ],
  });
  await server.api.deploy(
    diagram(
      process(
        'vip',
        sequence(
          start,
          ext('serviceTask', 'check', '<xflow:segmentCheck segment="vip"/>'),
          wait('w', 'P3D'),
          ext('sendTask', 'mail', '<xflow:message channel="email" template="t"/>'),
          ext('serviceTask', 'up', '<xflow:tierUpgrade ladder="l"/>'),
          end,
        ),
      ),
    ),
  );
  t = Date.now();
  await server.api.ok('POST', '/workflows/vip/start', {
    users: Array.from({ length: n }, (_, i) => ({ userId: `u${i}` })),
  });
  console.log('start call', Date.now() - t);
  await server.api.rest();
  console.log('until wait', Date.now() - t);
  t = Date.now();
  await server.api.advance('P3D');
  console.log('after wait', Date.now() - t);
  console.log(
    await server.api.ok('GET', '/workflows'),
    (
      await server.database.pool.query(
        'select tier, count(*), (select count(*) from mailbox) m from user_profile group by 1',
      )
    ).rows,
  );
  console.log(await server.api.ok('GET', '/health'));
  await server.close();
}, 200_000);
