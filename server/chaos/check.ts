import { isDeepStrictEqual } from 'node:util';
import {
  advance,
  compile,
  createInstance,
  type Definition,
  type Input,
  type InstanceState,
  stateToJson,
  type StoredState,
} from '@xflow/engine';
import { taskCatalog } from '@xflow/schemas';
import type { Pool } from 'pg';
import { taskTypesOf } from '../src/cli/handlers/task-types-of.js';
import { recount } from '../src/runner/sql/fold-counts.js';
import { LedgerJob, PointsAnswer } from './handlers.js';
import type { Broker } from './broker.js';
import {
  childKey,
  eventName,
  journeyKey,
  journeyPoints,
  journeyXml,
  quietKey,
  quietPoints,
  thanksKey,
  thanksPoints,
  tickKey,
} from './journey.js';
import type { Ledger } from './ledger.js';
import type { Load } from './load.js';

/** How far PostgreSQL's clock, which stamps commits, may differ from the one that judges timers: both are this machine's. Milliseconds. */
const clockTolerance = 5;

/**
 * Whether everything that was promised was kept: by queries over the tables, by playing every history again, and by the ledger. One
 * whole sentence a broken promise, the first hundred of them.
 */
export async function check(pool: Pool, load: Load, ledger: Ledger, broker: Broker | null): Promise<readonly string[]> {
  const broken: string[] = [...load.surprises];
  const instances = await readInstances(pool);
  // In all, before it is told one by one.
  await checkRest(pool, load, broken);
  checkStarts(instances, load, broken);
  checkSignalled(instances, load, broken);
  await checkHistories(pool, ledger, broken);
  for (const wrong of await recount(pool)) broken.push(`A number of instances is wrong: ${JSON.stringify(wrong)}.`);
  await checkChanges(pool, instances, load, broken);
  await checkEvents(pool, load, broken);
  if (broker) await checkBroker(broker, load, broken);
  return broken.slice(0, 100);
}

interface InstanceRow {
  readonly subject_id: string;
  readonly id: string;
  readonly parent_instance_id: string | null;
  readonly status: string;
}

/** All instances, by workflow. */
type Instances = ReadonlyMap<string, readonly InstanceRow[]>;

async function readInstances(pool: Pool): Promise<Instances> {
  const { rows } = await pool.query<InstanceRow & { workflow_key: string }>(
    `SELECT subject_id, id, parent_instance_id, status, workflow_key FROM instance`,
  );
  return groupBy(rows, (row) => row.workflow_key);
}

/** Every accepted start ended exactly once, as it should, with what it called; so did what the users' events started; nothing else did. */
function checkStarts(instances: Instances, load: Load, broken: string[]): void {
  const byUser = groupBy(instances.get(journeyKey) ?? [], (row) => row.subject_id);
  const called = groupBy(instances.get(childKey) ?? [], (row) => row.parent_instance_id ?? '');
  const thanked = groupBy(instances.get(thanksKey) ?? [], (row) => row.subject_id);
  for (const { userId, course, keyed, instanceId } of load.tickets) {
    const started = byUser.get(userId) ?? [];
    byUser.delete(userId);
    if (started.length > 1) broken.push(`${userId} was started ${started.length} times.`);
    if (keyed && instanceId === null) broken.push(`The start of ${userId} was never accepted.`);
    if (instanceId !== null && !started.some(({ id }) => id === instanceId))
      broken.push(`The start of ${userId} was accepted as ${instanceId}, which is lost.`);
    for (const { id, status } of started) {
      if (status !== 'completed') broken.push(`Instance ${id} of ${userId} is ${status}.`);
      const calls = (called.get(id) ?? []).map((row) => row.status).join(', ');
      const expected = course.fails ? 'error' : 'completed';
      if (calls !== expected)
        broken.push(`What instance ${id} of ${userId} called is ${calls || 'not there'} instead of ${expected}.`);
    }
    const thanks = (thanked.get(userId) ?? []).map((row) => row.status).join(', ');
    thanked.delete(userId);
    if (thanks !== 'completed')
      broken.push(`What the event of ${userId} started is ${thanks || 'not there'} instead of completed.`);
  }
  for (const userId of [...byUser.keys(), ...thanked.keys()])
    broken.push(`There is an instance of ${userId}, which nobody was promised.`);
}

/** What was promised in answer to signals is there, none more than there were signals; and what nobody moved on came to its end. */
function checkSignalled(instances: Instances, load: Load, broken: string[]): void {
  const ticks = new Map((instances.get(tickKey) ?? []).map((row) => [row.id, row.status]));
  for (const id of load.tickInstances)
    if (!ticks.has(id)) broken.push(`A signal was answered with the start of ${id}, which is lost.`);
  if (ticks.size > load.ticks) broken.push(`${load.ticks} signals have started ${ticks.size} instances.`);
  for (const [id, status] of ticks)
    if (status !== 'completed') broken.push(`Instance ${id}, which a signal started, is ${status}.`);
  const quiet = new Map((instances.get(quietKey) ?? []).map((row) => [row.id, row.status]));
  for (const id of load.quietInstances)
    if (quiet.get(id) !== 'completed')
      broken.push(`Instance ${id}, which nothing moved on but the servers' own alarms, is ${quiet.get(id) ?? 'lost'}.`);
}

/** Nothing waits that should not, and nothing was refused and kept. */
async function checkRest(pool: Pool, load: Load, broken: string[]): Promise<void> {
  const { rows } = await pool.query<{ what: string; count: number }>(
    `SELECT 'commands' AS what, count(*)::int FROM command UNION ALL
     SELECT 'subscriptions', count(*)::int FROM subscription UNION ALL
     SELECT 'tasks', count(*)::int FROM task UNION ALL
     SELECT 'users whose conditions are to be looked at', count(*)::int FROM changed_user UNION ALL
     SELECT 'signals that have not reached everyone', count(*)::int FROM broadcast UNION ALL
     SELECT 'open incidents (' || type || ': ' || min(reason) || ')', count(*)::int FROM incident WHERE resolved_at IS NULL GROUP BY type UNION ALL
     SELECT 'instances whose count of incidents is not 0', count(*)::int FROM instance WHERE open_incidents <> 0 UNION ALL
     SELECT 'called instances whose caller does not exist', count(*)::int FROM instance i WHERE parent_instance_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM instance p WHERE p.subject_id = i.subject_id AND p.id = i.parent_instance_id) UNION ALL
     SELECT 'calls that were started twice', count(*)::int FROM (SELECT FROM instance WHERE parent_instance_id IS NOT NULL
       GROUP BY parent_instance_id, parent_call_id HAVING count(*) > 1) AS twice UNION ALL
     SELECT 'buffered messages of users with an instance', count(*)::int FROM message m WHERE buffered
       AND EXISTS (SELECT FROM instance i WHERE i.subject_id = m.correlation_key AND i.workflow_key = $1)`,
    [journeyKey],
  );
  for (const { what, count } of rows) if (count > 0) broken.push(`When all was over, ${count} ${what} were left.`);
  const { rows: ghosts } = await pool.query(
    `SELECT key FROM idempotency_key WHERE key = ANY($1) UNION ALL SELECT subject_id FROM history WHERE subject_id = ANY($1)`,
    [load.refusedUsers],
  );
  if (ghosts.length > 0) broken.push(`Refused requests left ${ghosts.length} rows.`);
}

interface StoredInstance {
  readonly id: string;
  readonly subject_id: string;
  readonly workflow_key: string;
  readonly business_key: string | null;
  readonly revision: string;
  readonly state: StoredState;
}

/** Instances whose histories are read at a time. */
const page = 500;

/** Histories are contiguous and play to what is stored; timers are never early; every side effect ran, under its key. */
async function checkHistories(pool: Pool, ledger: Ledger, broken: string[]): Promise<void> {
  const definitions = await compileJourney();
  const keys = new Set<string>();
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows: instances } = await pool.query<StoredInstance>(
      `SELECT id, subject_id, workflow_key, business_key, revision, state FROM instance WHERE id > $1 ORDER BY id LIMIT ${page}`,
      [after],
    );
    if (instances.length === 0) break;
    after = instances.at(-1)!.id;
    const histories = await readHistories(
      pool,
      instances.map(({ id }) => id),
    );
    for (const instance of instances)
      checkHistory(instance, histories.get(instance.id) ?? [], definitions.get(instance.workflow_key)!, keys, broken);
  }
  for (const key of keys) if (!ledger.runs.has(key)) broken.push(`Job ${key} never ran.`);
  for (const key of ledger.runs.keys())
    if (!keys.has(key)) broken.push(`Job ${key} ran, but no history tells of it: its instance was lost.`);
}

async function compileJourney(): Promise<ReadonlyMap<string, Definition>> {
  const result = await compile(journeyXml, {
    taskTypes: { ...taskCatalog, ...taskTypesOf([LedgerJob, PointsAnswer]) },
  });
  if (!result.ok) throw new Error(`The journey does not compile: ${JSON.stringify(result.problems)}`);
  return new Map(result.definitions.map((definition) => [definition.key, definition]));
}

interface HistoryRow {
  readonly instance_id: string;
  readonly revision: string;
  readonly steps: readonly { readonly input: Input; readonly events: unknown }[];
  /** Milliseconds since 1970, by PostgreSQL's clock. */
  readonly committed_at: number;
}

async function readHistories(pool: Pool, ids: readonly string[]): Promise<ReadonlyMap<string, HistoryRow[]>> {
  const { rows } = await pool.query<HistoryRow>(
    `SELECT instance_id, revision, steps, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS committed_at
     FROM history WHERE instance_id = ANY($1::uuid[]) ORDER BY instance_id, revision`,
    [ids],
  );
  return groupBy(rows, (row) => row.instance_id);
}

function checkHistory(
  { id, subject_id: subjectId, business_key: businessKey, revision, state: stored }: StoredInstance,
  rows: readonly HistoryRow[],
  definition: Definition,
  keys: Set<string>,
  broken: string[],
): void {
  let state = createInstance({ instanceId: id, subjectId, ...(businessKey === null ? {} : { businessKey }) });
  let next = 1;
  for (const row of rows) {
    if (Number(row.revision) !== next) {
      broken.push(`The history of instance ${id} goes on with step ${row.revision} where ${next} is due.`);
      return;
    }
    for (const { input, events } of row.steps) {
      if (input.kind === 'timer-due') checkTimer(id, state, input, row.committed_at, broken);
      const advanced = advance(definition, state, input);
      if (!isDeepStrictEqual(asJson(advanced.events), events))
        broken.push(`Step ${next} of instance ${id} plays to other events than its history tells.`);
      for (const effect of advanced.effects)
        if (effect.kind === 'create-task' && effect.taskKind !== 'user') keys.add(effect.idempotencyKey);
      state = advanced.state;
      next += 1;
    }
  }
  if (Number(revision) !== next - 1)
    broken.push(`Instance ${id} is at step ${revision}, but its history has ${next - 1} steps.`);
  if (!isDeepStrictEqual(JSON.parse(stateToJson(state)), stored))
    broken.push(`The history of instance ${id} plays to another state than the stored one.`);
}

function checkTimer(
  id: string,
  state: InstanceState,
  input: Extract<Input, { kind: 'timer-due' }>,
  committedAt: number,
  broken: string[],
): void {
  const wait = state.tokens.flatMap(({ waits = [] }) => waits).find((candidate) => candidate.id === input.timerId);
  if (wait?.kind !== 'timer') return;
  if (committedAt + clockTolerance < wait.dueAt || input.at < wait.dueAt)
    broken.push(`Timer ${wait.id} of instance ${id} fired ${wait.dueAt - Math.min(committedAt, input.at)} ms early.`);
}

/** Every change of a user happened exactly once. */
async function checkChanges(pool: Pool, instances: Instances, load: Load, broken: string[]): Promise<void> {
  const { rows } = await pool.query<{ subject_id: string; points: number; added: number }>(
    `SELECT subject_id, points::int, (SELECT count(*)::int FROM user_change c WHERE c.subject_id = u.subject_id AND kind = 'points') AS added
     FROM user_profile u`,
  );
  const started = new Set((instances.get(journeyKey) ?? []).map((row) => row.subject_id));
  const expected = new Map((instances.get(quietKey) ?? []).map((row) => [row.subject_id, quietPoints]));
  for (const { userId, course } of load.tickets)
    expected.set(userId, thanksPoints + (started.has(userId) ? journeyPoints(course) : 0));
  for (const { subject_id: userId, points, added } of rows) {
    // Each change adds one.
    const due = expected.get(userId) ?? 0;
    if (points !== due || added !== due)
      broken.push(`${userId} has ${points} points by ${added} changes, and should have ${due} by as many.`);
  }
  const { rows: repeated } = await pool.query<{ subject_id: string; element_id: string }>(
    `SELECT subject_id, element_id FROM user_change WHERE instance_id IS NOT NULL
     GROUP BY subject_id, instance_id, element_id, kind HAVING count(*) > 1`,
  );
  for (const { subject_id, element_id } of repeated)
    broken.push(`The change that ${element_id} makes of ${subject_id} was made more than once.`);
}

/** Every user's event is there exactly once, however often and in whichever way it was sent. */
async function checkEvents(pool: Pool, load: Load, broken: string[]): Promise<void> {
  const { rows } = await pool.query<{ subject_id: string; count: number }>(
    `SELECT subject_id, count(*)::int FROM user_event WHERE name = $1 GROUP BY subject_id`,
    [eventName],
  );
  const counts = new Map(rows.map((row) => [row.subject_id, row.count]));
  for (const { userId } of load.tickets) {
    const count = counts.get(userId) ?? 0;
    counts.delete(userId);
    if (count !== 1) broken.push(`The event of ${userId} is there ${count} times.`);
  }
  for (const userId of counts.keys()) broken.push(`There is an event of ${userId}, which nobody sent.`);
}

/** What can never be taken in lies in the dead-letter queue, with the reason, and nothing else; nothing waits, and nothing is unacknowledged. */
async function checkBroker(broker: Broker, load: Load, broken: string[]): Promise<void> {
  const left = await broker.unacknowledged();
  if (left > 0) broken.push(`${left} deliveries of RabbitMQ were not acknowledged when all was over.`);
  const letters = await broker.deadLetters();
  const dead = new Set(letters.map(({ id }) => id));
  for (const id of load.poison) if (!dead.delete(id)) broken.push(`${id} is not in the dead-letter queue.`);
  for (const id of dead) broken.push(`${String(id)} is in the dead-letter queue, and should have been taken in.`);
  for (const { id, reason } of letters)
    if (typeof reason !== 'string' || reason === '')
      broken.push(`${String(id)} is in the dead-letter queue without a reason.`);
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
