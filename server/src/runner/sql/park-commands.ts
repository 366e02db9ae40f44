import type { PoolClient } from 'pg';
import type { NewCommandRow } from './insert-commands.js';
import type { NewIncidentRow } from './insert-incidents.js';
import { insertCommands } from './insert-commands.js';
import { insertIncidents } from './insert-incidents.js';
import { runOverRows } from './statement.js';

export interface Fault {
  readonly commands: readonly NewCommandRow[];
  /** Null: one that is open already tells of it. */
  readonly incident: NewIncidentRow | null;
}

/** Keeps what faulty instances could not take, and raises their incidents. Locks: none new, the batch holds the instances. */
export async function parkCommands(client: PoolClient, faults: readonly Fault[]): Promise<void> {
  await insertCommands(
    client,
    faults.flatMap((fault) => fault.commands),
  );
  const incidents = faults.flatMap(({ incident }) => incident ?? []);
  await insertIncidents(client, incidents);
  await runOverRows(client, 'count-faults', countFaults, incidents);
}

const countFaults = `
  UPDATE instance i SET open_incidents = i.open_incidents + 1
  FROM json_to_recordset($1) AS r (subject_id text, instance_id uuid)
  WHERE i.subject_id = r.subject_id AND i.id = r.instance_id`;
