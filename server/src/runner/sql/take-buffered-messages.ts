import type { PoolClient } from 'pg';
import type { Variables } from '@xflow/engine';
import { toTimestamp } from './statement.js';

export interface BufferedMessage {
  readonly correlation_key: string;
  readonly name: string;
  readonly id: string;
  readonly variables: Variables;
  readonly published_at: Date;
  readonly expires_at: Date;
  readonly kept_until: Date;
}

/** One subscription that has just been opened. */
export interface Opener {
  readonly name: string;
  readonly key: string;
  readonly instance_id: string;
  /** 1 for the first opener of this name and key in the batch, 2 for the second, ... */
  readonly turn: number;
}

/**
 * Gives each newly opened subscription the oldest message that still waits for its name and key, the second opener the second
 * oldest. The messages stay as rows for as long as repeats of their ids must be recognised.
 * Takes no locks beyond these rows: the keys are locked.
 */
export async function takeBufferedMessages(
  client: PoolClient,
  openers: readonly Opener[],
  now: number,
): Promise<readonly (BufferedMessage & { readonly turn: number })[]> {
  if (openers.length === 0) return [];
  const { rows } = await client.query<BufferedMessage & { turn: number }>({
    name: 'take-buffered-messages',
    text,
    values: [JSON.stringify(openers), toTimestamp(now)],
  });
  return rows;
}

const text = `
  WITH opener AS (
    SELECT * FROM json_to_recordset($1) AS r (name text, key text, instance_id uuid, turn int)
  ), waiting AS (
    SELECT m.correlation_key, m.name, m.id, row_number() OVER (PARTITION BY m.correlation_key, m.name ORDER BY m.seq) AS turn
    FROM message m JOIN (SELECT DISTINCT name, key FROM opener) k ON m.correlation_key = k.key AND m.name = k.name
    WHERE m.buffered AND m.expires_at > $2
  )
  UPDATE message m SET buffered = false, instance_ids = m.instance_ids || o.instance_id
  FROM waiting w JOIN opener o ON o.key = w.correlation_key AND o.name = w.name AND o.turn = w.turn
  WHERE m.correlation_key = w.correlation_key AND m.name = w.name AND m.id = w.id
  RETURNING m.correlation_key, m.name, m.id, m.variables, m.published_at, m.expires_at, m.kept_until, o.turn`;
