import type { PoolClient } from 'pg';
import type { CommandPayload } from '../command.js';
import { documentAt, documents, plain, texts } from './columns.js';

export interface NewCommandRow {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
  /** `infinity`: parked, until someone resolves the fault that it led to. */
  readonly due_at: string;
  readonly kind: string;
  readonly payload: CommandPayload;
  readonly attempts: number;
}

/** Timers, and inputs for the inboxes of instances. No locks beyond the new rows; the sequence keeps the order of the rows. */
export async function insertCommands(client: PoolClient, rows: readonly NewCommandRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'insert-commands',
    text,
    values: [
      texts(rows, (row) => row.subject_id),
      plain(rows, (row) => row.instance_id),
      texts(rows, (row) => row.id),
      plain(rows, (row) => row.due_at),
      texts(rows, (row) => row.kind),
      plain(rows, (row) => row.attempts),
      ...documents(rows, (row) => JSON.stringify(row.payload)),
    ],
  });
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, attempts, payload)
  SELECT subject_id, instance_id, id, due_at, kind, attempts, ${documentAt('$7', 'payload_begin', 'payload_length')}
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::int[], $8::int[], $9::int[])
    AS r (subject_id, instance_id, id, due_at, kind, attempts, payload_begin, payload_length)`;
