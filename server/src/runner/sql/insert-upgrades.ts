import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface UpgradeRow {
  readonly subject_id: string;
  readonly ladder: string;
  readonly from_tier: string | null;
  readonly to_tier: string;
  readonly rewards: readonly string[];
  readonly at: string;
  readonly instance_id: string;
  readonly element_id: string;
}

/** Tiers that users reached. No locks beyond the new rows. */
export async function insertUpgrades(client: PoolClient, rows: readonly UpgradeRow[]): Promise<void> {
  await runOverRows(client, 'insert-upgrades', text, rows);
}

const text = `
  INSERT INTO upgrade_history (subject_id, ladder, from_tier, to_tier, rewards, at, instance_id, element_id)
  SELECT subject_id, ladder, from_tier, to_tier, rewards, at, instance_id, element_id
  FROM json_to_recordset($1) AS r (subject_id text, ladder text, from_tier text, to_tier text, rewards text[], at timestamptz,
    instance_id uuid, element_id text)`;
