import { addUsers, query } from './postgres.js';
import { Child } from './child.js';
import { journey } from './diagrams.js';

/** Where an instance of {@link journey} may be: the variable that sends it there, and the share of a thousand that is there. */
const roads = [
  { road: 'done', share: 600, status: 'completed' },
  { road: 'done', share: 50, status: 'cancelled' },
  { road: 'done', share: 30, status: 'terminated' },
  { road: 'done', share: 20, status: 'error' },
  { road: 'wait', share: 190, status: 'active' },
  { road: 'pay', share: 70, status: 'active' },
  { road: 'review', share: 34, status: 'active' },
  { road: 'stuck', share: 5, status: 'active' },
  { road: 'rare', share: 1, status: 'active' },
];

const workflows = 10;
const versions = 3;
const users = 100_000;

/**
 * A database with so many instances of ten workflows in three versions each, started over the last ninety days, most of them ended: copies of
 * instances that the server has moved, with what belongs to them (commands, tasks, subscriptions, incidents, searchable variables, histories).
 * Nine of ten are of the first workflow.
 */
export async function journeys(postgres, name, instances) {
  const url = await postgres.database(name);
  await addUsers(url, 0, Math.min(users, instances));
  await makePartitions(url);
  const server = await Child.start('xflow-server.js', { url });
  const post = async (path, body, type = 'application/json') => {
    const response = await fetch(`${server.ready.url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  for (let version = 1; version <= versions; version += 1)
    for (let number = 0; number < workflows; number += 1)
      await post('/workflows', journey(`journey-${number}`, version), 'application/xml');
  for (const road of new Set(roads.map((one) => one.road)))
    await post('/workflows/journey-0/start', JSON.stringify({ userId: 'user-0', variables: { road } }));
  await query(
    url,
    `CREATE UNLOGGED TABLE pattern AS
    SELECT DISTINCT ON (road) v.value AS road, i.*, row_number() OVER () AS number FROM instance i
    JOIN instance_variable v ON v.instance_id = i.id AND v.name = 'road' ORDER BY road`,
  );
  const chunk = 100_000;
  for (let first = 0; first < instances; first += chunk)
    await copy(url, first, Math.min(first + chunk, instances) - 1, instances);
  await post('/instances/recount', '{}');
  await query(url, 'VACUUM ANALYZE');
  return { url, server, instances };
}

/** Of the months in which the instances start, as the server makes them for those to come. */
async function makePartitions(url) {
  for (let back = 4; back >= 1; back -= 1)
    await query(
      url,
      `DO $$ DECLARE
         first timestamptz := date_trunc('month', now() AT TIME ZONE 'utc') AT TIME ZONE 'utc' - interval '${back} months';
         low text := lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0');
         high text := lpad(to_hex((extract(epoch FROM first + interval '1 month') * 1000)::bigint), 12, '0');
       BEGIN
         EXECUTE format('CREATE TABLE %I PARTITION OF history FOR VALUES FROM (%L) TO (%L)', 'history_' || to_char(first AT TIME ZONE 'utc', 'YYYY_MM'),
           left(low, 8) || '-' || right(low, 4) || '-0000-0000-000000000000', left(high, 8) || '-' || right(high, 4) || '-0000-0000-000000000000');
       END $$`,
    );
}

async function copy(url, from, to, all) {
  let low = 0;
  const shares = roads.map(({ road, share, status }) => {
    const values = `(${low}, ${low + share}, '${road}', '${status}')`;
    low += share;
    return values;
  });
  await query(
    url,
    `WITH road (low, high, road, final) AS (VALUES ${shares.join(', ')}
     ), number AS MATERIALIZED (
       SELECT n, md5('journey' || n) AS hash, to_timestamp(extract(epoch FROM now()) - 90 * 86400.0 * ($3::int - n) / $3::int) AS at
       FROM generate_series($1::int, $2::int) AS n
     ), copy AS MATERIALIZED (
       SELECT n, at, final, 'user-' || (n % least(${users}, $3::int)) AS subject_id,
         (left(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 8) || '-' ||
          right(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 4) || '-7' || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' ||
          substr(hash, 7, 12))::uuid AS id,
         'journey-' || CASE WHEN n % 10 > 0 THEN 0 ELSE n / 10 % ${workflows} END AS workflow_key, 1 + n / 100 % ${versions} AS version,
         (ARRAY['free', 'silver', 'gold', 'platinum'])[1 + n % 4] AS plan, p.*
       FROM number JOIN road r ON ('x' || substr(hash, 20, 6))::bit(24)::int % 1000 >= r.low AND ('x' || substr(hash, 20, 6))::bit(24)::int % 1000 < r.high
       JOIN (SELECT road AS pattern_road, subject_id AS old_subject, id AS old_id, status, stage, revision, waiting_at, open_incidents, state::text AS state
             FROM pattern) p ON p.pattern_road = r.road
     ), instances AS (
       INSERT INTO instance (subject_id, id, workflow_key, version, call_depth, business_key, status, revision, stage, waiting_at, open_incidents, state,
         started_at, ended_at)
       SELECT subject_id, id, workflow_key, version, 0, CASE WHEN n % 2 = 0 THEN 'order-' || n END, final, revision, stage, waiting_at, open_incidents,
         replace(replace(replace(replace(state, old_id::text, id::text), '"' || old_subject || '"', '"' || subject_id || '"'), 'journey-0', workflow_key),
           '"status":"completed"', '"status":"' || final || '"')::json,
         at, CASE WHEN final <> 'active' THEN least(now(), at + random() * interval '5 days') END
       FROM copy
     ), variables AS (
       INSERT INTO instance_variable (subject_id, instance_id, name, value)
       SELECT subject_id, id, name, CASE name WHEN 'plan' THEN plan WHEN 'amount' THEN n::text ELSE pattern_road END
       FROM copy, (VALUES ('plan'), ('amount'), ('road')) AS v (name)
     ), commands AS (
       INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
       SELECT c.subject_id, c.id, t.id, now() + interval '1 day' + random() * interval '100 days', t.kind, t.payload
       FROM copy c JOIN command t ON t.instance_id = c.old_id
     ), tasks AS (
       INSERT INTO task (subject_id, instance_id, id, workflow_key, element_id, element_name, type, kind, config, input, idempotency_key, next_attempt_at, created_at)
       SELECT c.subject_id, c.id, t.id, c.workflow_key, t.element_id, t.element_name, t.type, t.kind, t.config, t.input,
         replace(t.idempotency_key, c.old_id::text, c.id::text), t.next_attempt_at, c.at
       FROM copy c JOIN task t ON t.instance_id = c.old_id
     ), subscriptions AS (
       INSERT INTO subscription (subject_id, instance_id, id, element_id, message_name, correlation_key, event)
       SELECT c.subject_id, c.id, t.id, t.element_id, t.message_name, t.correlation_key || c.n, t.event
       FROM copy c JOIN subscription t ON t.instance_id = c.old_id
     ), incidents AS (
       INSERT INTO incident (subject_id, instance_id, id, workflow_key, element_id, type, reason, remedy, choices, raised_at)
       SELECT c.subject_id, c.id, t.id, c.workflow_key, t.element_id, t.type, t.reason, t.remedy, t.choices, c.at
       FROM copy c JOIN incident t ON t.instance_id = c.old_id
     )
     INSERT INTO history (subject_id, instance_id, revision, at, steps)
     SELECT c.subject_id, c.id, h.revision, c.at, h.steps FROM copy c JOIN history h ON h.instance_id = c.old_id`,
    [from, to, all],
  );
}
