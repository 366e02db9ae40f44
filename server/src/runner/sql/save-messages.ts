import type { PoolClient } from 'pg';
import type { Variables } from '@xflow/engine';
import { runOverRows } from './statement.js';

export interface MessageRow {
  readonly correlation_key: string;
  readonly name: string;
  readonly id: string;
  readonly variables: Variables;
  readonly buffered: boolean;
  readonly published_at: string;
  readonly expires_at: string;
  readonly kept_until: string;
  readonly instance_ids: readonly string[];
}

/**
 * Keeps messages that wait for a receiver, and those whose ids must be remembered; one that is known (it came back, because
 * its receiver waited no more) is changed, and keeps its place in the line. Takes no locks beyond its rows: their keys are locked.
 */
export async function saveMessages(client: PoolClient, rows: readonly MessageRow[]): Promise<void> {
  await runOverRows(client, 'save-messages', text, rows);
}

const text = `
  INSERT INTO message (correlation_key, name, id, variables, buffered, published_at, expires_at, kept_until, instance_ids)
  SELECT correlation_key, name, id, variables, buffered, published_at, expires_at, kept_until, instance_ids
  FROM json_to_recordset($1) AS r (correlation_key text, name text, id text, variables json, buffered boolean,
    published_at timestamptz, expires_at timestamptz, kept_until timestamptz, instance_ids uuid[])
  ON CONFLICT (correlation_key, name, id) DO UPDATE SET buffered = EXCLUDED.buffered, instance_ids = EXCLUDED.instance_ids`;
