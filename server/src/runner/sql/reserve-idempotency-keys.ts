import type { PoolClient } from 'pg';

export interface IdempotencyRow {
  readonly key: string;
  readonly fingerprint: string;
  readonly response: unknown;
}

/**
 * Writes down what requests with an Idempotency-Key will be answered. Returns the rows that stood before: their requests are
 * repeats. Locks: the new rows, in the order of their keys; a repeat that comes while its first request is under way waits for it.
 */
export async function reserveIdempotencyKeys(
  client: PoolClient,
  rows: readonly IdempotencyRow[],
  createdAt: string,
): Promise<ReadonlyMap<string, IdempotencyRow>> {
  if (rows.length === 0) return new Map();
  const values = [JSON.stringify(rows), createdAt];
  const inserted = await client.query<{ key: string }>({ name: 'reserve-idempotency-keys', text: insert, values });
  if (inserted.rows.length === rows.length) return new Map();
  const fresh = new Set(inserted.rows.map((row) => row.key));
  const repeated = rows.flatMap(({ key }) => (fresh.has(key) ? [] : [key]));
  const known = await client.query<IdempotencyRow>({ name: 'find-idempotency-keys', text: find, values: [repeated] });
  return new Map(known.rows.map((row) => [row.key, row]));
}

const insert = `
  INSERT INTO idempotency_key (key, fingerprint, response, created_at)
  SELECT key, fingerprint, response, $2::timestamptz
  FROM json_to_recordset($1) AS r (key text, fingerprint text, response json)
  ORDER BY key
  ON CONFLICT (key) DO NOTHING
  RETURNING key`;

const find = `SELECT key, fingerprint, response FROM idempotency_key WHERE key = ANY($1)`;
