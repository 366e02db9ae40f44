import type { Pool } from 'pg';
import { toTimestamp } from '../../runner/sql/statement.js';

/** Of which of these types somebody has leased a job; takes no locks. */
export async function findLeasedTypes(pool: Pool, types: readonly string[], now: number): Promise<ReadonlySet<string>> {
  const values = [types, toTimestamp(now)];
  const { rows } = await pool.query<{ type: string }>({ name: 'find-leased-types', text, values });
  return new Set(rows.map(({ type }) => type));
}

const text = `
  SELECT wanted.type FROM unnest($1::text[]) AS wanted (type)
  WHERE EXISTS (
    SELECT FROM task WHERE kind = 'job' AND type = wanted.type AND next_attempt_at > $2 AND lease_owner IS NOT NULL
  )`;
