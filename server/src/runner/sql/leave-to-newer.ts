import type { Pool } from 'pg';

/**
 * Notes that instances need servers that read a form, so that others leave them alone from now on: they were touched by a newer version, which has
 * not moved them yet. Locks: the instances, in the order of their ids; a batch that holds one of them is about to commit.
 */
export async function leaveToNewer(pool: Pool, formats: ReadonlyMap<string, number>): Promise<void> {
  await pool.query({ name: 'leave-to-newer', text, values: [[...formats.keys()], [...formats.values()]] });
}

const text = `
  UPDATE instance i SET format = greatest(i.format, needed.format)
  FROM (
    SELECT i.subject_id, i.id, n.format FROM unnest($1::uuid[], $2::int[]) AS n (id, format) JOIN instance i ON i.id = n.id
    ORDER BY i.id FOR UPDATE OF i
  ) AS needed
  WHERE i.subject_id = needed.subject_id AND i.id = needed.id`;
