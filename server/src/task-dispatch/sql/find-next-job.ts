import type { Pool } from 'pg';

/** When the next job may be attempted, or its lease expires: milliseconds since 1970; null: there is no job. Takes no locks. */
export async function findNextJob(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ due: Date | null }>({ name: 'find-next-job', text });
  return rows[0]?.due?.getTime() ?? null;
}

const text = `SELECT min(next_attempt_at) AS due FROM task WHERE kind = 'job'`;
