import type { PoolClient } from 'pg';

/**
 * Tells the conditions that wait for changes of these users, by a command each. The profiles are locked, and so is that of whoever opens
 * such a subscription: what is not seen here has read the profile as it is now. Takes no locks beyond the new rows.
 * @returns whether anybody waits
 */
export async function wakeWatchers(client: PoolClient, subjectIds: readonly string[], at: string): Promise<boolean> {
  const { rowCount } = await client.query({ name: 'wake-watchers', text, values: [subjectIds, at] });
  return (rowCount ?? 0) > 0;
}

const text = `
  INSERT INTO command (subject_id, instance_id, id, due_at, kind, payload)
  SELECT s.subject_id, s.instance_id, 'user-changed ' || gen_random_uuid(), $2::timestamptz, 'user-changed',
    json_build_object('input', json_build_object('kind', 'user-changed', 'subscriptionId', s.id))
  FROM subscription s WHERE s.event = 'user' AND s.message_name = '' AND s.correlation_key = ANY ($1)`;
