import type { Pool } from 'pg';
import { instanceConditions, type InstanceFilter } from '../instance-filter.js';
import { searchWindow } from './find-instances.js';

export interface CountedInstances {
  readonly count: number;
  /** Where the statement stopped looking; null: there are no more. */
  readonly lookedTo: string | null;
}

/**
 * How many instances meet the filter among the next ones, of ids lower than `before`, that an index leads to. One snapshot tells both. Takes no locks.
 */
export async function countFoundInstances(
  pool: Pool,
  filter: InstanceFilter,
  before: string,
): Promise<CountedInstances> {
  const values: unknown[] = [before];
  const { read, others } = instanceConditions(filter, values);
  const isBefore = (id: string): string => `${id} < $1`;
  const { rows } = await pool.query<{ count: number; looked_to: string | null }>(
    `SELECT
       (SELECT count(*)::int FROM (${read('i.*', 'DESC', isBefore, `LIMIT ${searchWindow}`)}) AS i
        ${others.length > 0 ? `WHERE ${others.join(' AND ')}` : ''}) AS count,
       (${read('i.id', 'DESC', isBefore, `OFFSET ${searchWindow - 1} LIMIT 1`)}) AS looked_to`,
    values,
  );
  return { count: rows[0]!.count, lookedTo: rows[0]!.looked_to };
}
