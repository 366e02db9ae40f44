import type { Pool } from 'pg';

/** When the first lease of another server on an operation ends, in milliseconds since 1970; null: others have none. Takes no locks. */
export async function nextLeaseEnd(pool: Pool, owner: string): Promise<number | null> {
  const { rows } = await pool.query<{ end: Date | null }>({ name: 'next-lease-end', text, values: [owner] });
  return rows[0]!.end?.getTime() ?? null;
}

const text = `SELECT min(lease_until) AS "end" FROM batch_operation WHERE ended_at IS NULL AND lease_owner <> $1`;
