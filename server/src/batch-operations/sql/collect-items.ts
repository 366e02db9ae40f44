import type { Pool } from 'pg';
import { causeOf } from '../../incidents/cause-of.js';
import { instanceConditions, lowestIdAt } from '../../instances/instance-filter.js';
import type { BatchOperationRow } from '../batch-operation-row.js';

/** Instances that one statement looks at: those that an index leads to, whether they meet the rest of the filter or not. */
const chunk = 5_000;

/**
 * Chooses the next instances of an operation, in the order of their ids, and remembers how far it has come: in one statement, so that
 * whoever goes on after a crash begins where this one ended. Those that were started after the order are left out.
 * Locks: the operation. The instances are only read: what they are when their turn comes decides.
 */
export async function collectItems(
  pool: Pool,
  { id, action, detail, filter, created_at }: BatchOperationRow,
): Promise<void> {
  const values: unknown[] = [id, created_at, chunk];
  const { read, others: looked } = instanceConditions({ ...filter, status: 'active' }, values);
  const others = [...looked, 'i.started_at <= $2'];
  // What is as it is to become needs no turn.
  if (action === 'suspend' || action === 'resume')
    others.push(`i.suspended_at IS ${action === 'suspend' ? '' : 'NOT '}NULL`);
  if (action === 'migrate') others.push(`i.version <> $${values.push(detail.version)}`);
  const causes = Object.entries(incidentConditions).flatMap(([name, condition]) => {
    const wanted = detail.incidents?.[name as keyof typeof incidentConditions];
    return wanted === undefined ? [] : [`AND ${condition(`$${values.push(wanted)}`)}`];
  });
  const isNext = (id: string): string =>
    `${id} > (SELECT coalesce(collected_to, '${noId}') FROM operation) AND ${id} < ${lowestIdAt(`$2::timestamptz + interval '1 ms'`)}`;
  const next = read(`i.subject_id, i.id, ${others.join(' AND ')} AS is_chosen`, 'ASC', isNext, 'LIMIT $3');
  await pool.query(text(next, action === 'retry-incidents' ? causes.join(' ') : null), values);
}

const noId = '00000000-0000-0000-0000-000000000000';

/** What is compared, from the columns of incidents and from what the order says. */
const incidentConditions = {
  element: (wanted: string) => `t.element_id = ${wanted}`,
  type: (wanted: string) => `t.type = ${wanted}`,
  reason: (wanted: string) => `${causeOf('t.reason')} = ${causeOf(`${wanted}::text`)}`,
} as const;

/**
 * @param next the instances to look at, and whether they are chosen
 * @param ofIncident conditions over the incidents that are the items; null: the instances are
 */
const text = (next: string, ofIncident: string | null): string => `
  WITH operation AS (
    SELECT id, collected_to FROM batch_operation WHERE id = $1 AND status = 'collecting' FOR UPDATE
  ), looked AS MATERIALIZED (
    ${next}
  ), chosen AS (
    SELECT subject_id, id FROM looked WHERE is_chosen
  ), item AS (
    INSERT INTO batch_operation_item (subject_id, instance_id, operation_id, incident_id)
    SELECT c.subject_id, c.id, $1, ${ofIncident === null ? `''` : 't.id'} FROM chosen c
    ${ofIncident === null ? '' : `JOIN incident t ON t.subject_id = c.subject_id AND t.instance_id = c.id AND t.resolved_at IS NULL ${ofIncident}`}
    RETURNING 1
  )
  UPDATE batch_operation b
  SET total = total + (SELECT count(*) FROM item)::int,
      collected_to = coalesce((SELECT id FROM looked ORDER BY id DESC LIMIT 1), b.collected_to),
      status = CASE WHEN (SELECT count(*) FROM looked) < $3 THEN 'running' ELSE 'collecting' END
  FROM operation o WHERE b.id = o.id`;
