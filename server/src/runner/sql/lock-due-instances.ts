import type { PoolClient } from 'pg';
import { instanceColumns, type InstanceRow } from './lock-instances.js';
import { storedFormat } from '../stored-format.js';
import { toTimestamp } from './statement.js';

/**
 * Locks the instances that commands due by `now` are for, the longest due first, until `limit` commands are found. An instance with several of
 * them comes several times. Those that a newer version has written are stepped over.
 *
 * Locks: the instances, SKIP LOCKED: batches of all runners take different ones, and nobody ever waits here, so that nothing can deadlock with
 * it. A batch finds those of the others at the head of the index and steps over them, at some 3 µs each. The commands are not locked: who holds an
 * instance is the only one to take them, and takes them from the first on (take-commands.ts), which keeps their order. When they were locked first,
 * one batch could get the second command of an instance while another one held the first.
 *
 * Measured for 500, in processor time of PostgreSQL, together with take-commands.ts: 4.1 ms. With locks on the commands, too: 4.6 ms. Both in one
 * statement, returning two kinds of rows: 5.5 ms, as JSON 7.1 ms. Deleting the commands first and locking their instances then: 2.9 ms, but a command
 * whose instance another batch holds would have to be put back.
 */
export async function lockDueInstances(
  client: PoolClient,
  now: number,
  limit: number,
): Promise<readonly InstanceRow[]> {
  if (limit === 0) return [];
  const { rows } = await client.query<InstanceRow>({
    name: 'lock-due-instances',
    text,
    values: [toTimestamp(now), limit],
  });
  return rows;
}

/**
 * That `due_at` could be null is said for the planner: a condition on the instance alone makes it begin with all instances where it knows nothing of
 * the tables yet, and keep to that. Steps then cost more with every instance there was.
 */
const text = `
  SELECT ${instanceColumns}
  FROM command c JOIN instance i ON i.subject_id = c.subject_id AND i.id = c.instance_id
  WHERE c.due_at <= $1 AND (i.format <= ${storedFormat} OR c.due_at IS NULL) ORDER BY c.due_at LIMIT $2
  FOR UPDATE OF i SKIP LOCKED`;
