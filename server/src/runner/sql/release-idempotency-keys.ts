import type { PoolClient } from 'pg';

/** Forgets keys whose requests were refused: the same key may be used for the corrected request. Locks: none new. */
export async function releaseIdempotencyKeys(client: PoolClient, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await client.query({ name: 'release-idempotency-keys', text, values: [keys] });
}

const text = `DELETE FROM idempotency_key WHERE key = ANY($1)`;
