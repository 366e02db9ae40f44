import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface RenamedElement {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly source: string;
  readonly target: string;
}

/** Tells tasks, subscriptions and open incidents of migrated instances the new ids of their elements. Locks: their rows. */
export async function renameElements(client: PoolClient, rows: readonly RenamedElement[]): Promise<void> {
  await runOverRows(client, 'rename-elements', text, rows);
}

const renamed = `
    SET element_id = r.target FROM renamed r
    WHERE t.subject_id = r.subject_id AND t.instance_id = r.instance_id AND t.element_id = r.source`;

const text = `
  WITH renamed AS (
    SELECT * FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid, source text, target text)
  ), tasks AS (
    UPDATE task t ${renamed}
  ), subscriptions AS (
    UPDATE subscription t ${renamed}
  )
  UPDATE incident t ${renamed} AND t.resolved_at IS NULL`;
