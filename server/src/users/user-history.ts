import type { InstanceSummary, UserHistory } from '@xflow/schemas';
import type { Pool } from 'pg';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { parseTime } from '../time/parse-time.js';
import { toUserChange, type StoredUserChange } from './user-lifecycle.js';

/**
 * A page of everything about a user, newest first: changes, events and instances, merged by time.
 *
 * Each of the three sources yields at most one page, from where the page before ended; the key is (time, source, id),
 * so that items of the same instant keep an order.
 */
const statement = `
  WITH position AS (SELECT $2::timestamptz AS at, $3::int AS source, $4::text AS id)
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS key, source, id, item FROM (
    (SELECT at, 3 AS source, lpad(id::text, 20, '0') AS id, jsonb_build_object('at', at, 'kind', kind, 'from_value', from_value,
        'to_value', to_value, 'detail', detail, 'reason', reason, 'instance_id', instance_id, 'workflow_key', workflow_key,
        'element_id', element_id) AS item
      FROM user_change WHERE subject_id = $1 AND ($2::timestamptz IS NULL OR (at, 3, lpad(id::text, 20, '0')) < (SELECT at, source, id FROM position))
      ORDER BY 1 DESC, 3 DESC LIMIT $5)
    UNION ALL
    (SELECT at, 2, id, jsonb_build_object('id', id, 'name', name, 'properties', properties)
      FROM user_event WHERE subject_id = $1 AND ($2::timestamptz IS NULL OR (at, 2, id) < (SELECT at, source, id FROM position))
      ORDER BY 1 DESC, 3 DESC LIMIT $5)
    UNION ALL
    (SELECT i.started_at, 1, i.id::text, jsonb_build_object('id', i.id, 'workflowKey', i.workflow_key, 'workflowName', d.name,
        'version', i.version, 'userId', i.subject_id, 'businessKey', i.business_key, 'status', i.status, 'startedAt', i.started_at,
        'endedAt', i.ended_at, 'waitingAt', i.waiting_at, 'openIncidents', i.open_incidents)
      FROM instance i JOIN definition d ON d.key = i.workflow_key AND d.version = i.version
      WHERE i.subject_id = $1 AND ($2::timestamptz IS NULL OR (i.started_at, 1, i.id::text) < (SELECT at, source, id FROM position))
      ORDER BY 1 DESC, 3 DESC LIMIT $5)
  ) AS merged ORDER BY at DESC, source DESC, id DESC LIMIT $5`;

const sources = { change: 3, event: 2, instance: 1 } as const;
type Item = UserHistory['items'][number];

interface Row {
  readonly key: string;
  readonly source: number;
  readonly id: string;
  readonly item: unknown;
}

/** @throws InvalidRequestError when the cursor is none of this route's */
export async function readUserHistory(
  pool: Pool,
  userId: string,
  page: { readonly cursor?: string; readonly limit: number },
): Promise<UserHistory> {
  const position = page.cursor === undefined ? [null, null, null] : decodePosition(page.cursor);
  const { rows } = await pool.query<Row>({
    name: 'user-history',
    text: statement,
    values: [userId, ...position, page.limit + 1],
  });
  const { rows: items, nextCursor } = pageOf(rows, page.limit, (row) => [row.key, row.source, row.id]);
  return { items: items.map(toItem), nextCursor };
}

function decodePosition(cursor: string): (string | number)[] {
  const position = decodeCursor(cursor, ['string', 'number', 'string']);
  const [at, source] = position;
  const known = Object.values<unknown>(sources).includes(source);
  // Only the shape was checked: what is not a time or a source would be an error of the database.
  return parseTime(String(at)) === null || !known ? decodeCursor('', ['string', 'number', 'string']) : position;
}

function toItem({ key, source, item }: Row): Item {
  const at = new Date(key).toISOString();
  switch (source) {
    case sources.change:
      return { at, type: 'change', change: toUserChange(item as StoredUserChange) };
    case sources.event:
      return { at, type: 'event', event: item as NonNullable<Item['event']> };
    default: {
      const instance = item as InstanceSummary;
      const endedAt = instance.endedAt === null ? null : new Date(instance.endedAt).toISOString();
      return { at, type: 'instance', instance: { ...instance, startedAt: at, endedAt } };
    }
  }
}
