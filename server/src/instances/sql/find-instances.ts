import type { Pool } from 'pg';
import { instanceConditions, type InstanceFilter, variableCondition } from '../instance-filter.js';
import type { InstanceSummaryRow } from '../instance-row.js';

/** Instances that one statement looks at, beyond what an index leads to; more than a page holds. Some ten milliseconds, at worst. */
export const searchWindow = 2_000;

export interface FoundInstances {
  /** Newest first. */
  readonly rows: readonly InstanceSummaryRow[];
  /** Where the statement stopped looking before it had found enough; null: there is nothing more to be found, or enough was. */
  readonly lookedTo: string | null;
}

/**
 * At most `limit` instances that meet the filter, of ids lower than `before`, among those that an index leads to. One snapshot tells what was found,
 * and how far was looked. Takes no locks.
 *
 * Measured among a million instances: an element where nothing rests took 1.9 s when it was looked for with one scan, however many were found.
 */
export async function findInstances(
  pool: Pool,
  filter: InstanceFilter,
  before: string,
  limit: number,
): Promise<FoundInstances> {
  const values: unknown[] = [before, limit];
  const { read, others } = instanceConditions(filter, values);
  const isBefore = (id: string): string => `${id} < $1`;
  const { rows } = await pool.query<InstanceSummaryRow & { readonly looked_to: string | null }>(
    `WITH page AS MATERIALIZED (
       SELECT ${columns} FROM (${read('i.*', 'DESC', isBefore, `LIMIT ${searchWindow}`)}) AS i ${others.length > 0 ? `WHERE ${others.join(' AND ')}` : ''}
       ORDER BY i.id DESC LIMIT $2
     ), looked AS MATERIALIZED (
       SELECT CASE WHEN (SELECT count(*) FROM page) < $2 THEN (${read('i.id', 'DESC', isBefore, `OFFSET ${searchWindow - 1} LIMIT 1`)}) END AS id
     )
     SELECT i.*, d.name AS workflow_name, l.id AS looked_to
     FROM looked l LEFT JOIN (page i JOIN definition d ON d.key = i.workflow_key AND d.version = i.version) ON true
     ORDER BY i.id DESC`,
    values,
  );
  return { rows: rows.filter(({ id }) => id !== null), lookedTo: rows[0]?.looked_to ?? null };
}

/** The filter with its variables in another order: the rarest first. Reads at most a window of each from the index. Takes no locks. */
export async function rarestVariableFirst(pool: Pool, filter: InstanceFilter): Promise<InstanceFilter> {
  const { variables = [] } = filter;
  if (variables.length < 2) return filter;
  const values: unknown[] = [];
  const counts = variables.map(
    (text, place) =>
      `SELECT ${place} AS place, count(*) AS found FROM (
         SELECT FROM instance_variable WHERE ${variableCondition(text, (value) => `$${values.push(value)}`)} LIMIT ${searchWindow}) AS v`,
  );
  const { rows } = await pool.query<{ place: number }>(`${counts.join(' UNION ALL ')} ORDER BY found, place`, values);
  return { ...filter, variables: rows.map(({ place }) => variables[place]!) };
}

const columns = `i.subject_id, i.id, i.workflow_key, i.version, i.business_key, i.status, i.started_at, i.ended_at, i.waiting_at,
  i.open_incidents, i.suspended_at`;
