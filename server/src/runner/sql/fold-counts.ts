import type { InstanceSummary } from '@xflow/schemas';
import type { Pool } from 'pg';
import { inTransaction } from '../transaction.js';

/** Any number that no other user of advisory locks in this database takes. */
const foldLock = 7_310_022;

/**
 * Adds what was appended since to the numbers of instances, so that whoever reads them has few rows to add up.
 * Where another server is just doing so, nothing is left to do. Locks: an advisory one until the commit, then rows that only its holder writes.
 */
export async function foldCounts(pool: Pool): Promise<void> {
  await pool.query({ name: 'fold-counts', text: fold, values: [foldLock] });
}

const fold = `
  WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock($1) AS held
  ), taken AS (
    DELETE FROM instance_count_change WHERE (SELECT held FROM alone) RETURNING *
  )
  INSERT INTO instance_count AS c (workflow_key, version, status, element_id, instances, incidents)
  SELECT workflow_key, version, status, element_id, sum(instances), sum(incidents) FROM taken GROUP BY 1, 2, 3, 4
  HAVING sum(instances) <> 0 OR sum(incidents) <> 0
  ON CONFLICT (workflow_key, version, element_id, status) DO UPDATE
  SET instances = c.instances + excluded.instances, incidents = c.incidents + excluded.incidents`;

/** A number that was wrong: what it is, and what it was said to be. */
export interface CorrectedCount {
  readonly workflow_key: string;
  readonly version: number;
  /** Empty: of an element. */
  readonly status: InstanceSummary['status'] | '';
  /** Empty: of a status. */
  readonly element_id: string;
  readonly instances: number;
  readonly incidents: number;
  readonly said_instances: number;
  readonly said_incidents: number;
}

/**
 * Counts all instances anew, beside whatever changes them: one statement sees the instances and what was appended as of one moment, and what is
 * appended after it stays. Returns the numbers that were wrong. Reads every instance. Locks: folding waits, nobody else does.
 */
export async function recount(pool: Pool): Promise<readonly CorrectedCount[]> {
  return await inTransaction(pool, async (client) => {
    // In a statement of its own: the next one must not see what was there before the lock.
    await client.query('SELECT pg_advisory_xact_lock($1)', [foldLock]);
    return (await client.query<CorrectedCount>(again)).rows;
  });
}

const again = `
  WITH counted AS MATERIALIZED (
    SELECT workflow_key, version, status, '' AS element_id, count(*) AS instances, count(*) FILTER (WHERE open_incidents > 0) AS incidents
    FROM instance GROUP BY 1, 2, 3
    UNION ALL
    SELECT workflow_key, version, '', element_id, sum(instances), sum(incidents) FROM (
      SELECT workflow_key, version, element_id, 1 AS instances, 0 AS incidents
      FROM instance CROSS JOIN LATERAL (SELECT DISTINCT unnest(waiting_at) AS element_id) AS at WHERE status = 'active'
      UNION ALL
      SELECT i.workflow_key, i.version, t.element_id, 0, 1
      FROM incident t JOIN instance i ON i.subject_id = t.subject_id AND i.id = t.instance_id WHERE t.resolved_at IS NULL
    ) AS at_element GROUP BY 1, 2, 4
  ), said AS MATERIALIZED (
    SELECT workflow_key, version, status, element_id, sum(instances)::bigint AS instances, sum(incidents)::bigint AS incidents
    FROM (SELECT * FROM instance_count UNION ALL SELECT * FROM instance_count_change) AS s GROUP BY 1, 2, 3, 4
  ), taken AS (
    DELETE FROM instance_count_change
  ), gone AS (
    DELETE FROM instance_count c WHERE NOT EXISTS (
      SELECT FROM counted n
      WHERE n.workflow_key = c.workflow_key AND n.version = c.version AND n.status = c.status AND n.element_id = c.element_id)
  ), written AS (
    INSERT INTO instance_count (workflow_key, version, status, element_id, instances, incidents) SELECT * FROM counted
    ON CONFLICT (workflow_key, version, element_id, status) DO UPDATE
    SET instances = excluded.instances, incidents = excluded.incidents
  )
  SELECT workflow_key, version, status, element_id, coalesce(n.instances, 0)::bigint AS instances,
    coalesce(n.incidents, 0)::bigint AS incidents, coalesce(s.instances, 0) AS said_instances, coalesce(s.incidents, 0) AS said_incidents
  FROM counted n FULL JOIN said s USING (workflow_key, version, status, element_id)
  WHERE (coalesce(n.instances, 0), coalesce(n.incidents, 0)) <> (coalesce(s.instances, 0), coalesce(s.incidents, 0))
  ORDER BY workflow_key, version, status, element_id`;
