import { nextStart, watchesUser, type Definition, type Problem } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { UnprocessableError } from '../http-problems/problem-error.js';
import { conditionalStartsOf } from '../runner/user-conditions.js';
import { toTimestamp } from '../runner/sql/statement.js';

/**
 * Lets the start events of a version take the place of those of all others: by time, by message, by signal and by condition.
 * @throws {UnprocessableError} where one can never begin an instance.
 */
export async function saveStarts(
  client: PoolClient,
  definition: Definition,
  version: number,
  now: number,
): Promise<void> {
  const { key, startEvents } = definition;
  await client.query('DELETE FROM start_timer WHERE workflow_key = $1', [key]);
  await client.query('DELETE FROM start_subscription WHERE workflow_key = $1', [key]);
  await saveConditions(client, definition, version);
  const timed = new Set<string>();
  for (const start of startEvents) {
    if (start.kind === 'message' || start.kind === 'signal')
      await client.query(
        `INSERT INTO start_subscription (event, message_name, workflow_key, element_id, version, part)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [
          start.kind,
          start.kind === 'message' ? start.messageName : start.signalName,
          key,
          start.id,
          version,
          start.part ?? null,
        ],
      );
    if (start.kind !== 'timer') continue;
    if (timed.has(start.id))
      throw deployRefused([
        startProblem(
          start.id,
          `Start event "${start.id}" has more than one timer, and they cannot be told apart when one is due.`,
          'Give each timer a start event of its own.',
        ),
      ]);
    timed.add(start.id);
    const next = nextStart(start, now, 1);
    if (!next.ok) throw deployRefused([startProblem(start.id, next.reason, next.remedy)]);
    if (next.dueAt === null) continue;
    await client.query(
      `INSERT INTO start_timer (workflow_key, element_id, version, due_at, previous_at, count)
       VALUES ($1, $2, $3, $4, $5, 0)`,
      [key, start.id, version, toTimestamp(next.dueAt), toTimestamp(now)],
    );
  }
}

/** Conditions of start events, which read the user. */
async function saveConditions(client: PoolClient, { key, startEvents }: Definition, version: number): Promise<void> {
  const conditions = [...new Set(startEvents.map(({ id }) => id))].flatMap((id) =>
    conditionalStartsOf(startEvents, id).map((_, part) => ({ element_id: id, part })),
  );
  if (conditions.length > 0) await letUsersRest(client);
  const { rowCount } = await client.query('DELETE FROM condition_start WHERE workflow_key = $1', [key]);
  for (const { element_id, part } of conditions)
    await client.query(
      'INSERT INTO condition_start (workflow_key, element_id, part, version) VALUES ($1, $2, $3, $4)',
      [key, element_id, part, version],
    );
  if (rowCount !== 0)
    await client.query(
      `DELETE FROM condition_met m WHERE workflow_key = $1 AND NOT EXISTS (SELECT FROM condition_start s
         WHERE (s.workflow_key, s.element_id, s.part) = (m.workflow_key, m.element_id, m.part))`,
      [key],
    );
}

/** Instances of this version may wait for conditions that read the user, whatever state it is in. */
export async function saveWatching(client: PoolClient, definition: Definition, version: number): Promise<void> {
  if (!watchesUser(definition)) return;
  await letUsersRest(client);
  await client.query('INSERT INTO watching_version (workflow_key, version) VALUES ($1, $2)', [definition.key, version]);
}

/** Whoever changes users looks whether there are conditions: those under way commit first, and later ones see these. */
async function letUsersRest(client: PoolClient): Promise<void> {
  await client.query('LOCK TABLE user_profile, user_event IN SHARE ROW EXCLUSIVE MODE');
}

/** Nothing but the API starts the workflow from now on. */
export async function removeStarts(client: PoolClient, key: string): Promise<void> {
  for (const table of ['start_timer', 'start_subscription', 'condition_start'])
    await client.query(`DELETE FROM ${table} WHERE workflow_key = $1`, [key]);
}

const startProblem = (elementId: string, message: string, remedy: string): Problem => ({
  level: 'error',
  rule: 'start-timer',
  elementId,
  message,
  remedy,
});

export const deployRefused = (problems: readonly Problem[]): Error =>
  new UnprocessableError(
    'Deploy refused',
    problems
      .filter(({ level }) => level === 'error')
      .map(({ elementId, rule, message, remedy }) => ({ elementId, rule, message, remedy })),
  );
