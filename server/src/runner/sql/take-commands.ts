import type { PoolClient } from 'pg';
import type { CallerSuspended, CommandPayload } from '../command.js';
import { toTimestamp } from './statement.js';

export interface CommandRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  readonly payload: CommandPayload | CallerSuspended;
  readonly attempts: number;
}

/**
 * Takes every command due by `now` of instances that are locked, in their order.
 *
 * Deleting is the claim: a batch that rolls back has taken nothing. Deleting by 500 beat leasing 1.6 times, and single claims 97 times.
 * A statement after the one that locks, for its snapshot must be younger than the locks. `due_at + '0'` keeps the planner from looking for the
 * commands of an instance by their time. Locks: the commands; whoever holds their instance is the only one to take them.
 */
export async function takeCommands(
  client: PoolClient,
  instances: readonly { readonly subject_id: string; readonly id: string }[],
  now: number,
): Promise<readonly CommandRow[]> {
  if (instances.length === 0) return [];
  const { rows } = await client.query<CommandRow>({
    name: 'take-commands',
    text,
    values: [instances.map((row) => row.subject_id), instances.map((row) => row.id), toTimestamp(now)],
  });
  return rows;
}

const text = `
  WITH taken AS (
    DELETE FROM command c USING unnest($1::text[], $2::uuid[]) AS locked (subject_id, instance_id)
    WHERE c.subject_id = locked.subject_id AND c.instance_id = locked.instance_id AND c.due_at + '0' <= $3
    RETURNING c.subject_id, c.instance_id, c.id, c.due_at, c.seq, c.payload, c.attempts
  )
  SELECT subject_id, instance_id, id, payload, attempts FROM taken ORDER BY due_at, seq`;
