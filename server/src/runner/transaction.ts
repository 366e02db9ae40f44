import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { isConnectionLoss } from '../database/connection-loss.js';
import { OvertakenError } from './overtaken-error.js';
import { inOrder } from './sql/in-order.js';

/** The connection broke while PostgreSQL was committing: whether it did is unknown. */
export class CommitLostError extends Error {
  constructor(cause: unknown) {
    super('The connection to the database broke during the commit.', { cause });
    this.name = 'CommitLostError';
  }
}

/**
 * Runs `work` in a transaction of its own (READ COMMITTED).
 * @throws what `work` throws, after a rollback; {@link CommitLostError} when the outcome is unknown.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let result: T;
  try {
    const begun = client.query('BEGIN');
    // Where the connection allows for it (RunnerPool), the first statements of the work go with it.
    if (!('pipeline' in client && client.pipeline)) await begun;
    [, result] = await inOrder(begun, work(client));
  } catch (error) {
    await rollBack(client, error);
    throw error;
  }
  try {
    await client.query('COMMIT');
  } catch (error) {
    client.release(true);
    // An answer of PostgreSQL itself is a refusal; a broken connection may hide an acknowledgement.
    throw error instanceof DatabaseError && !isConnectionLoss(error) ? error : new CommitLostError(error);
  }
  client.release();
  return result;
}

async function rollBack(client: PoolClient, cause: unknown): Promise<void> {
  if (isConnectionLoss(cause)) {
    client.release(true);
    return;
  }
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch {
    client.release(true);
  }
}

/**
 * Whether running the same transaction again may succeed: serialization failure, deadlock, a message that another batch has published meanwhile, a row for
 * the default partition of the history whose own partition has been made meanwhile.
 */
export function isConflict(error: unknown): boolean {
  if (error instanceof OvertakenError) return true;
  if (!(error instanceof DatabaseError)) return false;
  const { code, table } = error;
  return code === '40001' || code === '40P01' || (code === '23514' && table === 'history_default');
}

/** Whether PostgreSQL refused the data itself: data exceptions and violated constraints. */
export function isRefusedData(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code !== undefined &&
    /^(22|23|42|54)/.test(error.code) &&
    !isConflict(error)
  );
}
