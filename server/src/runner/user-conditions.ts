import { isStartConditionMet, type ProfileAnswer, type SegmentsAnswer, type StartEvent } from '@xflow/engine';
import type { PoolClient } from 'pg';
import type { BatchRows } from './batch-rows.js';
import type { DefinitionCache } from './definition-cache.js';
import { newInstanceId } from './instance-id.js';
import type { AnswerRegistry } from './question-answerer.js';
import { claimChangedUsers } from './sql/claim-changed-users.js';
import { findConditionsMet, saveConditionsMet, type ConditionMetRow } from './sql/condition-met.js';
import { findConditionStarts, type ConditionStartRow } from './sql/find-condition-starts.js';
import { startedBy } from './sql/find-event-starts.js';
import { toTimestamp } from './sql/statement.js';
import { wakeWatchers } from './sql/wake-watchers.js';

/*
 * Conditions that read the user (BPMN 2.0.2, 10.5.5). Whatever changes a profile, or adds events, notes the user in its own transaction
 * (sql/note-changed-users.ts), and costs nothing where no workflow has such a condition. A batch claims those users, and looks at their
 * conditions: those that instances wait for get a command, those of start events are evaluated here.
 *
 * Nothing is lost: a user who changes while a batch has claimed them is noted again when it has committed; and an instance that comes to
 * wait has locked the profile before it read it, as the claim does, so that one of the two sees the other. Nothing happens twice: the
 * claim, what was true before and the start of the instance are one transaction.
 */

type Condition = Extract<StartEvent, { kind: 'conditional' }>;
interface WatchedStart extends ConditionStartRow {
  readonly start: Condition;
}

/** Looks at the conditions of users who have changed: at most `limit` of them. Expects the subscriptions of the batch to be sent. */
export async function lookAtChangedUsers(
  client: PoolClient,
  { definitions, answers }: { readonly definitions: DefinitionCache; readonly answers: AnswerRegistry },
  at: number,
  rows: BatchRows,
  limit: number,
): Promise<void> {
  const users = limit > 0 ? await claimChangedUsers(client, limit) : [];
  if (users.length === 0) return;
  // There may be more.
  if (users.length === limit) rows.expectDueNow();
  if (await wakeWatchers(client, users, toTimestamp(at))) rows.expectDueNow();
  const starts = await watchedStarts(client, definitions);
  if (starts.length === 0) return;

  const before = new Set((await findConditionsMet(client, users)).map(nameOf));
  const risen: ConditionMetRow[] = [];
  const fallen: ConditionMetRow[] = [];
  for (const { user, start, isMet } of await evaluateAll(client, answers, at, users, starts)) {
    const { workflow_key, element_id, part } = start;
    const met: ConditionMetRow = { subject_id: user, workflow_key, element_id, part };
    if (isMet === before.has(nameOf(met))) continue;
    (isMet ? risen : fallen).push(met);
    if (isMet) startInstance(rows, at, user, start);
  }
  await saveConditionsMet(client, risen, fallen);
}

/** A version that does not compile any more starts nothing. */
async function watchedStarts(client: PoolClient, definitions: DefinitionCache): Promise<readonly WatchedStart[]> {
  const watched: WatchedStart[] = [];
  for (const row of await findConditionStarts(client)) {
    const definition = await definitions.get(row.workflow_key, row.version).catch(() => null);
    const start = definition && conditionalStartsOf(definition.startEvents, row.element_id)[row.part];
    if (start) watched.push({ ...row, start });
  }
  return watched;
}

/** The conditions of one start event, in their order. */
export function conditionalStartsOf(startEvents: readonly StartEvent[], elementId: string): readonly Condition[] {
  return startEvents.filter((start): start is Condition => start.kind === 'conditional' && start.id === elementId);
}

/** Every condition for every user: one query for the profiles, and one for each segment. */
async function evaluateAll(
  client: PoolClient,
  answers: AnswerRegistry,
  at: number,
  users: readonly string[],
  starts: readonly WatchedStart[],
): Promise<readonly { readonly user: string; readonly start: WatchedStart; readonly isMet: boolean }[]> {
  const pairs = users.flatMap((user) => starts.map((start) => ({ user, start })));
  const asked = (subjectId: string, elementId: string) => ({ subjectId, instanceId: '', elementId, at });
  const given = await answers.answer(
    [
      ...users.map((user) => ({ ...asked(user, ''), question: { kind: 'profile' } as const })),
      ...pairs.map(({ user, start }) => ({
        ...asked(user, start.element_id),
        question: { kind: 'segments', segments: start.start.condition.needs.segments } as const,
      })),
    ],
    client,
  );
  const profiles = new Map(users.map((user, index) => [user, given[index]!]));
  return pairs.map(({ user, start }, index) => {
    const profile = profiles.get(user)!;
    const segments = given[users.length + index]!;
    // A segment that is not there any more has nobody in it.
    const isMet =
      'answer' in profile &&
      'answer' in segments &&
      isStartConditionMet(start.start.condition, {
        at,
        user: profile.answer as unknown as ProfileAnswer,
        segments: segments.answer as SegmentsAnswer,
      });
    return { user, start, isMet };
  });
}

function startInstance(
  rows: BatchRows,
  at: number,
  subjectId: string,
  { workflow_key: workflowKey, version, element_id, start }: WatchedStart,
): void {
  const id = newInstanceId(at);
  const input = { kind: 'start', ...startedBy({ element_id, part: start.part ?? null }) } as const;
  rows.addCommandedStart({
    id,
    subjectId,
    workflowKey,
    version,
    parent: null,
    businessKey: null,
    command: rows.inboxCommand(subjectId, id, 'start', { input }),
  });
}

const nameOf = ({ subject_id, workflow_key, element_id, part }: ConditionMetRow): string =>
  JSON.stringify([subject_id, workflow_key, element_id, part]);
