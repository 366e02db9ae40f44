import { randomUUID } from 'node:crypto';

/**
 * Writes what the server writes for starts and steps, with no engine at all: the rows' contents are made beforehand. One statement a
 * batch where one will do, and then no BEGIN: the fastest way found.
 */
export class BareWriter {
  /** @param state, steps JSON texts as the server would write them */
  constructor(pool, { workflowKey, state, steps, input }) {
    this.pool = pool;
    this.row = { workflowKey, state: JSON.parse(state), steps: JSON.parse(steps), input: JSON.parse(input) };
  }

  /** Starts an instance for each of the users; resolves with their ids when they are committed. */
  async start(users, dueAt) {
    const { workflowKey, state, steps, input } = this.row;
    const at = new Date().toISOString();
    const rows = users.map((subject_id) => ({
      subject_id,
      id: randomUUID(),
      workflow_key: workflowKey,
      at,
      due_at: dueAt,
      state,
      steps,
      input,
    }));
    await this.pool.query({ name: 'start', text: startText, values: [JSON.stringify(rows)] });
    return rows.map((row) => row.id);
  }

  /** Takes a step of every instance with a command due, at most `limit`; returns how many. */
  async step(limit, last) {
    const { state, steps, input } = this.row;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const { rows } = await client.query({ name: 'take', text: takeText, values: [limit] });
      if (rows.length > 0) {
        const at = new Date().toISOString();
        const written = rows.map((row) => ({
          subject_id: row.subject_id,
          id: row.id,
          revision: row.revision + 1,
          at,
          due_at: at,
          state,
          steps,
          input,
        }));
        await client.query({
          name: last ? 'end' : 'step',
          text: last ? endText : stepText,
          values: [JSON.stringify(written)],
        });
      }
      await client.query('COMMIT');
      return rows.length;
    } finally {
      client.release();
    }
  }
}

const recordset = `json_to_recordset($1) AS r (subject_id text, id uuid, workflow_key text, revision bigint, at timestamptz, due_at timestamptz, state json, steps json, input json)`;

const startText = `
  WITH r AS (SELECT * FROM ${recordset}), i AS (
    INSERT INTO instance (subject_id, id, workflow_key, version, status, revision, waiting_at, open_incidents, state, started_at)
    SELECT subject_id, id, workflow_key, 1, 'active', 1, '{day}', 0, state, at FROM r
  ), h AS (
    INSERT INTO history (subject_id, instance_id, revision, at, steps) SELECT subject_id, id, 1, at, steps FROM r
  )
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT subject_id, id, '1', due_at, 'timer-due', input FROM r`;

const takeText = `
  WITH due AS (
    DELETE FROM command WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM command WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING subject_id, instance_id
  )
  SELECT i.subject_id, i.id, i.revision::int, i.state FROM due JOIN instance i ON i.subject_id = due.subject_id AND i.id = due.instance_id
  FOR UPDATE OF i`;

const update = (status) => `
  UPDATE instance i SET revision = r.revision, status = '${status}', state = r.state, waiting_at = '{wait}' FROM r
  WHERE i.subject_id = r.subject_id AND i.id = r.id`;

const stepText = `
  WITH r AS (SELECT * FROM ${recordset}), i AS (${update('active')}), h AS (
    INSERT INTO history (subject_id, instance_id, revision, at, steps) SELECT subject_id, id, revision, at, steps FROM r
  )
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT subject_id, id, revision::text, due_at, 'timer-due', input FROM r`;

const endText = `
  WITH r AS (SELECT * FROM ${recordset}), i AS (${update('completed')})
  INSERT INTO history (subject_id, instance_id, revision, at, steps) SELECT subject_id, id, revision, at, steps FROM r`;
