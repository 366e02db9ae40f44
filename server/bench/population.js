import { Child } from './child.js';
import { query } from './postgres.js';

/**
 * Fills a database with instances that wait for a timer, copied from one that the server has started, so that a million do not have to be
 * started first. PostgreSQL is told (ANALYZE), as it would have found out by itself.
 * @param from and to: numbers of the copies; one of a user each
 * @param dueAt SQL: when the timer of copy `number` is due, which is its business key, too, in milliseconds since 1970
 */
export async function populate(url, from, to, dueAt) {
  const chunk = 100_000;
  for (let first = from; first < to; first += chunk) {
    await query(
      url,
      `WITH pattern AS (
         SELECT i.*, c.id AS command_id, c.kind, c.payload FROM instance i JOIN command c ON c.instance_id = i.id
         WHERE i.subject_id = 'user-pattern' LIMIT 1
       ), copy AS MATERIALIZED (
         SELECT number, 'user-' || number AS subject_id, uuidv7() AS id, ${dueAt} AS due_at
         FROM generate_series($1::int, $2::int) AS c (number)
       ), instances AS (
         INSERT INTO instance (subject_id, id, workflow_key, version, call_depth, business_key, status, revision, waiting_at, open_incidents, state, started_at)
         SELECT c.subject_id, c.id, p.workflow_key, p.version, 0, floor(extract(epoch FROM c.due_at) * 1000)::text, p.status, p.revision, p.waiting_at, 0,
           replace(replace(p.state::text, p.id::text, c.id::text), 'user-pattern', c.subject_id)::json, p.started_at
         FROM copy c, pattern p
       )
       INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
       SELECT c.subject_id, c.id, p.command_id, c.due_at, p.kind, p.payload FROM copy c, pattern p`,
      [first, Math.min(first + chunk, to) - 1],
    );
  }
}

/** A database in which so many instances of `one-wait` wait for timers of the next months, and a runner on it. */
export async function populated(postgres, name, waiting) {
  const url = await postgres.database(name, 10_000);
  await query(
    url,
    `INSERT INTO user_profile (subject_id, created_at, updated_at) VALUES ('user-pattern', now(), now())`,
  );
  const runner = await Child.start('xflow-steps.js', { url, diagram: 'oneDay' });
  await runner.ask({ start: 'user-pattern' });
  await populate(url, 0, waiting, `now() + interval '1 day' + random() * interval '100 days'`);
  await query(url, 'ANALYZE');
  return { url, runner, waiting };
}
