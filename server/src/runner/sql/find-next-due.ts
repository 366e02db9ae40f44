import type { Pool, PoolClient } from 'pg';

/**
 * When the next command or timer start falls due, a user has changed whom conditions read, or a signal has not
 * reached everyone yet, in milliseconds since 1970; null: none is
 * pending. Asked once when a runner comes to rest. Reads the first entry of each index; takes no locks.
 */
export async function findNextDue(client: Pool | PoolClient): Promise<number | null> {
  const { rows } = await client.query<{ due: Date | number | null }>({ name: 'find-next-due', text });
  const due = rows[0]?.due;
  // Parked commands are due at infinity, which pg reads as the number.
  return due instanceof Date ? due.getTime() : null;
}

const text = `SELECT least((SELECT min(due_at) FROM command), (SELECT min(due_at) FROM start_timer),
  (SELECT at FROM changed_user LIMIT 1),
  (SELECT min(at) FROM broadcast)) AS due`;
