import type { Pool } from 'pg';

/**
 * Removes instances that ended before `cutoff` (milliseconds since 1970), at most `limit` of them, with all that belongs to them; returns how many.
 * What an instance did to its user stays. Locks: the instances, SKIP LOCKED, in the order of their end; then their rows, which nobody else takes
 * without them.
 */
export async function removeEndedInstances(pool: Pool, cutoff: number, limit: number): Promise<number> {
  const { rows } = await pool.query<{ removed: number }>({
    name: 'remove-ended-instances',
    text,
    values: [new Date(cutoff), limit],
  });
  return rows[0]!.removed;
}

const ofOld = (table: string): string =>
  `${table}s AS (DELETE FROM ${table} t USING old WHERE t.subject_id = old.subject_id AND t.instance_id = old.id)`;

const text = `
  WITH old AS (
    SELECT subject_id, id FROM instance WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
  ), ${['history', 'command', 'subscription', 'task', 'instance_variable'].map(ofOld).join(', ')}, incidents AS (
    DELETE FROM incident t USING old WHERE t.subject_id = old.subject_id AND t.instance_id = old.id
    RETURNING t.instance_id, t.element_id, t.resolved_at
  ), removed AS (
    DELETE FROM instance i USING old WHERE i.subject_id = old.subject_id AND i.id = old.id
    RETURNING i.id, i.workflow_key, i.version, i.status, i.open_incidents
  ), counted AS (
    INSERT INTO instance_count_change (workflow_key, version, status, element_id, instances, incidents)
    SELECT workflow_key, version, status, '', -count(*), -count(*) FILTER (WHERE open_incidents > 0) FROM removed GROUP BY 1, 2, 3
    UNION ALL
    SELECT workflow_key, version, '', t.element_id, 0, -count(*) FROM removed r JOIN incidents t ON t.instance_id = r.id
    WHERE t.resolved_at IS NULL GROUP BY 1, 2, 4
  )
  SELECT count(*)::int AS removed FROM removed`;
