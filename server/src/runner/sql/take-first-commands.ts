import type { PoolClient } from 'pg';
import type { CommandRow } from './take-commands.js';
import { toTimestamp } from './statement.js';

/**
 * Takes at most `most` commands due by `now` of each of these instances, which are locked, in their order. For instances that very much has come for at
 * once; take-commands.ts, which takes all, costs others half as much. Locks: the commands; whoever holds their instance is the only one to take them.
 */
export async function takeFirstCommands(
  client: PoolClient,
  instances: readonly { readonly subject_id: string; readonly id: string }[],
  now: number,
  most: number,
): Promise<readonly CommandRow[]> {
  if (instances.length === 0) return [];
  const { rows } = await client.query<CommandRow>({
    name: 'take-first-commands',
    text,
    values: [instances.map((row) => row.subject_id), instances.map((row) => row.id), toTimestamp(now), most],
  });
  return rows;
}

const text = `
  WITH first AS (
    SELECT c.subject_id, c.instance_id, c.id FROM unnest($1::text[], $2::uuid[]) AS locked (subject_id, instance_id)
    CROSS JOIN LATERAL (
      SELECT c.subject_id, c.instance_id, c.id FROM command c
      WHERE c.subject_id = locked.subject_id AND c.instance_id = locked.instance_id AND c.due_at + '0' <= $3
      ORDER BY c.due_at + '0', c.seq LIMIT $4
    ) AS c
  ), taken AS (
    DELETE FROM command c USING first f WHERE c.subject_id = f.subject_id AND c.instance_id = f.instance_id AND c.id = f.id
    RETURNING c.subject_id, c.instance_id, c.id, c.due_at, c.seq, c.payload, c.attempts
  )
  SELECT subject_id, instance_id, id, payload, attempts FROM taken ORDER BY due_at, seq`;
