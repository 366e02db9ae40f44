import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

/** A user for whom a conditional start event was true when it was looked at last. */
export interface ConditionMetRow {
  readonly subject_id: string;
  readonly workflow_key: string;
  readonly element_id: string;
  readonly part: number;
}

/** What was true for these users. Takes no locks: their profiles are locked. */
export async function findConditionsMet(
  client: PoolClient,
  subjectIds: readonly string[],
): Promise<readonly ConditionMetRow[]> {
  const { rows } = await client.query<ConditionMetRow>({
    name: 'find-conditions-met',
    text: find,
    values: [subjectIds],
  });
  return rows;
}

/** Remembers what has become true, and forgets what is true no more. */
export async function saveConditionsMet(
  client: PoolClient,
  risen: readonly ConditionMetRow[],
  fallen: readonly ConditionMetRow[],
): Promise<void> {
  await runOverRows(client, 'insert-conditions-met', insert, risen);
  await runOverRows(client, 'delete-conditions-met', remove, fallen);
}

const columns = 'subject_id text, workflow_key text, element_id text, part int';

const find = 'SELECT subject_id, workflow_key, element_id, part FROM condition_met WHERE subject_id = ANY ($1)';

const insert = `
  INSERT INTO condition_met (subject_id, workflow_key, element_id, part)
  SELECT subject_id, workflow_key, element_id, part FROM json_to_recordset($1) AS r (${columns})`;

const remove = `
  DELETE FROM condition_met m USING json_to_recordset($1) AS r (${columns})
  WHERE (m.subject_id, m.workflow_key, m.element_id, m.part) = (r.subject_id, r.workflow_key, r.element_id, r.part)`;
