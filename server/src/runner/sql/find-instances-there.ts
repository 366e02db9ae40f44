import type { PoolClient } from 'pg';
import type { InstanceKey } from './lock-instances.js';

/** Ids of those of the instances that are there, whoever holds them. Takes no locks. */
export async function findInstancesThere(
  client: PoolClient,
  wanted: readonly InstanceKey[],
): Promise<ReadonlySet<string>> {
  if (wanted.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>({
    name: 'find-instances-there',
    text,
    values: [wanted.map((key) => key.subjectId), wanted.map((key) => key.instanceId)],
  });
  return new Set(rows.map(({ id }) => id));
}

const text = `
  SELECT i.id FROM unnest($1::text[], $2::uuid[]) AS wanted (subject_id, id)
  JOIN instance i ON i.subject_id = wanted.subject_id AND i.id = wanted.id`;
