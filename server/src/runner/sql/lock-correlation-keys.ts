import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/** What a message and its receiver have in common. */
export interface CorrelationKey {
  readonly name: string;
  readonly key: string;
}

/**
 * Makes whoever publishes to a key, and whoever opens a subscription for it, take turns until their commit. Without it, a
 * publisher that does not yet see the subscription and an opener that does not yet see the message could both commit, and
 * the message would be lost. The statements that look (find-subscriptions.ts, take-buffered-messages.ts) come after: their
 * snapshots then hold whatever the turn before has committed.
 *
 * Locks: advisory ones for the transaction, in ascending order, so that two batches never wait for each other in a circle. A
 * batch takes all of its keys in this one statement, after its instances have been advanced, when all of them are known.
 * Shared locks for openers were considered: two openers would then compete for one buffered message.
 */
export async function lockCorrelationKeys(client: PoolClient, keys: readonly CorrelationKey[]): Promise<void> {
  await runOverRows(client, 'lock-correlation-keys', text, keys);
}

const text = `
  SELECT pg_advisory_xact_lock(lock) FROM (
    SELECT DISTINCT hashtextextended(r.name || chr(31) || r.key, 7310) AS lock
    FROM json_to_recordset($1) AS r (name text, key text) ORDER BY lock
  ) AS locks`;
