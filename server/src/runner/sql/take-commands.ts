import type { PoolClient } from 'pg';
import type { CommandPayload } from '../command.js';
import type { InstanceKey } from './lock-instances.js';
import { toTimestamp } from './statement.js';

export interface CommandRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly payload: CommandPayload;
  readonly attempts: number;
}

/**
 * Takes every command due by `now` of instances that are locked, in their order.
 *
 * Deleting is the claim: a batch that rolls back has taken nothing. Deleting by 500 beat leasing 1.6 times, and single claims
 * 97 times. The rows are deleted by their places, which their locks keep: joined by key, the planner walks the whole table for each of
 * them when it was empty at the last ANALYZE and thousands fell due since (4,000 commands: 7 s instead of 1.3 s). Locks: the commands; SKIP LOCKED leaves one that another runner holds (lock-instances.ts) to a later batch.
 */
export async function takeCommands(
  client: PoolClient,
  instances: readonly InstanceKey[],
  now: number,
): Promise<readonly CommandRow[]> {
  if (instances.length === 0) return [];
  const { rows } = await client.query<CommandRow>({
    name: 'take-commands',
    text,
    values: [instances.map((key) => key.subjectId), instances.map((key) => key.instanceId), toTimestamp(now)],
  });
  return rows;
}

const text = `
  WITH claimed AS (
    SELECT c.ctid AS place
    FROM unnest($1::text[], $2::uuid[]) AS locked (subject_id, instance_id)
    JOIN command c ON c.subject_id = locked.subject_id AND c.instance_id = locked.instance_id
    WHERE c.due_at <= $3
    FOR UPDATE OF c SKIP LOCKED
  ), taken AS (
    DELETE FROM command WHERE ctid = ANY (ARRAY(SELECT place FROM claimed))
    RETURNING subject_id, instance_id, id, due_at, seq, payload, attempts
  )
  SELECT subject_id, instance_id, id, payload, attempts FROM taken ORDER BY due_at, seq`;
