import type { PoolClient } from 'pg';
import { invariant } from '../../invariant.js';
import { storedFormat } from '../stored-format.js';
import { documentAt, documents, lists, plain, texts } from './columns.js';

export interface ChangedInstanceRow {
  readonly subject_id: string;
  readonly id: string;
  /** As it was when the instance was locked. */
  readonly expected_revision: number;
  readonly status: string;
  readonly revision: number;
  readonly stage: string | null;
  readonly waiting_at: readonly string[];
  readonly open_incidents: number;
  /** JSON. */
  readonly state: string;
  readonly ended_at: string | null;
}

/**
 * Writes back the instances that a batch moved. Locks: none new, the batch holds them all.
 * @throws when a revision is not the one that was read: then someone wrote without the lock, and the batch must not commit.
 */
export async function updateInstances(client: PoolClient, rows: readonly ChangedInstanceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const { rowCount } = await client.query({
    name: 'update-instances',
    text,
    values: [
      texts(rows, (row) => row.subject_id),
      plain(rows, (row) => row.id),
      plain(rows, (row) => row.expected_revision),
      texts(rows, (row) => row.status),
      plain(rows, (row) => row.revision),
      texts(rows, (row) => row.stage),
      lists(rows, (row) => row.waiting_at),
      plain(rows, (row) => row.open_incidents),
      plain(rows, (row) => row.ended_at),
      ...documents(rows, (row) => row.state),
    ],
  });
  invariant(
    rowCount === rows.length,
    `Expected to update ${rows.length} instances at the revisions that were read, but only ${rowCount} still have them.`,
  );
}

const text = `
  UPDATE instance i
  SET status = r.status, revision = r.revision, stage = r.stage, waiting_at = r.waiting_at::text[],
      open_incidents = r.open_incidents, state = ${documentAt('$10', 'r.state_begin', 'r.state_length')}, ended_at = r.ended_at,
      format = ${storedFormat}
  FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::int[], $9::timestamptz[],
      $11::int[], $12::int[])
    AS r (subject_id, id, expected_revision, status, revision, stage, waiting_at, open_incidents, ended_at, state_begin, state_length)
  WHERE i.subject_id = r.subject_id AND i.id = r.id AND i.revision = r.expected_revision`;
