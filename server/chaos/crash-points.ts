import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { eventName, journeyKey, journeyPoints, messageName, signalName, thanksPoints, type Course } from './journey.js';
import type { Ledger } from './ledger.js';
import type { PostgresProxy, Verdict } from './postgres-proxy.js';

export interface CrashPointsOptions {
  /** Between the server and the database. */
  readonly proxy: PostgresProxy;
  /** To the database itself. */
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** Address of the server, which runs on a test clock. */
  readonly url: () => string;
  /** Brings the server back after a crash; null: the crash is the loss of the one connection. */
  readonly restart: (() => Promise<void>) | null;
  /** Every how many statements there is a crash; 1: at each. */
  readonly stride: number;
  /** Milliseconds after which no further point is tried; the report then says how far it came. */
  readonly atMost: number;
}

/** Everything happens: timers fire, the call escalates and fails. */
const course: Course = { declines: true, fails: true };
/** Instances that a user has in the end: of the journey, of what it calls, of what the event starts. */
const instancesEach = 3;
/** Those of them that have jobs. */
const instancesWithJobs = 2;
/** Longest that a request is asked again, in milliseconds. */
const answeredWithin = 120_000;

export interface CrashPointsReport {
  /** Statements of one journey from its start to its end; or up to where the time was over. */
  readonly statements: number;
  readonly isComplete: boolean;
  readonly crashes: number;
  /** Whole sentences; none when every promise was kept. */
  readonly broken: readonly string[];
}

/**
 * Sends one user after the other through the journey, each with a crash at the next statement that the server sends: once before it
 * is executed, once after, when only its reply is lost. Ends with the first journey that has no such statement any more.
 */
export async function runCrashPoints(options: CrashPointsOptions): Promise<CrashPointsReport> {
  const broken: string[] = [];
  let crashes = 0;
  const deadline = Date.now() + options.atMost;
  for (let point = 1; ; point += options.stride) {
    if (Date.now() > deadline) return { statements: point - 1, isComplete: false, crashes, broken };
    let reached = false;
    for (const verdict of ['cut-before', 'cut-after'] as const) {
      const crash = await crashAt(options, point, verdict);
      if (!crash) continue;
      reached = true;
      crashes += 1;
      broken.push(
        ...(await checkUser(options, crash.userId)).map((line) => `${line} (${verdict}: ${crash.statement})`),
      );
    }
    if (!reached) return { statements: point - 1, isComplete: true, crashes, broken };
  }
}

/** Null: the journey ended before that statement. */
async function crashAt(
  options: CrashPointsOptions,
  point: number,
  verdict: Verdict,
): Promise<{ userId: string; statement: string } | null> {
  const { proxy, pool, restart } = options;
  const userId = `user-${point}-${verdict}`;
  await pool.query(`INSERT INTO user_profile (subject_id, created_at, updated_at) VALUES ($1, now(), now())`, [userId]);
  let count = 0;
  let statement: string | null = null;
  let recovering: Promise<void> | null = null;
  proxy.judge = (text) => {
    count += 1;
    if (count !== point || statement !== null) return 'pass';
    statement = text.replace(/\s+/g, ' ').trim().slice(0, 80);
    // The rest of the process goes with it.
    if (restart) recovering = restart();
    return verdict;
  };
  const ask = async (path: string, body: object, headers: Record<string, string> = {}): Promise<void> => {
    for (const giveUp = Date.now() + answeredWithin; ; await sleep(5)) {
      await recovering;
      const answer = await fetch(`${options.url()}/api${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(answeredWithin),
      }).catch(() => null);
      await answer?.text().catch(() => undefined);
      if (answer?.ok) return;
      if (answer && answer.status < 500) throw new Error(`${path} was answered with ${answer.status}.`);
      if (Date.now() > giveUp)
        throw new Error(`${path} was not answered within ${answeredWithin / 1_000} s of a crash at: ${statement}`);
    }
  };
  const advance = (by: string): Promise<void> => ask('/clock/advance', { by });
  await ask(`/workflows/${journeyKey}/start`, { userId, variables: course }, { 'idempotency-key': userId });
  await advance('PT3S');
  await ask('/messages', { name: messageName, correlationKey: userId, messageId: userId, ttlSeconds: 86_400 });
  await advance('PT3S');
  await ask('/signals', { name: signalName });
  await advance('PT0S');
  await ask('/events', { userId, name: eventName, id: userId });
  await advance('PT3S');
  proxy.judge = () => 'pass';
  // What was under way at the crash may have been put off, so that the signal came too early.
  await advance('PT10M');
  await ask('/signals', { name: signalName });
  await advance('PT10M');
  return statement === null ? null : { userId, statement };
}

async function checkUser({ pool, ledger }: CrashPointsOptions, userId: string): Promise<string[]> {
  const { rows } = await pool.query<Record<string, number>>(
    `SELECT
       (SELECT count(*)::int FROM instance WHERE subject_id = $1 AND status = 'completed') AS completed,
       (SELECT count(*)::int FROM instance WHERE subject_id = $1 AND status = 'error') AS failed,
       (SELECT count(*)::int FROM user_event WHERE subject_id = $1) AS events,
       (SELECT count(*)::int FROM instance WHERE subject_id = $1) AS instances,
       (SELECT points::int FROM user_profile WHERE subject_id = $1) AS points,
       (SELECT count(*)::int FROM user_change WHERE subject_id = $1 AND kind = 'points') AS changes,
       (SELECT count(*)::int FROM command WHERE subject_id = $1) AS commands,
       (SELECT count(*)::int FROM subscription WHERE subject_id = $1) AS subscriptions,
       (SELECT count(*)::int FROM task WHERE subject_id = $1) AS tasks,
       (SELECT count(*)::int FROM incident WHERE subject_id = $1) AS incidents,
       (SELECT count(*)::int FROM message WHERE correlation_key = $1 AND buffered) AS buffered,
       (SELECT count(*)::int FROM instance i WHERE subject_id = $1 AND revision <>
         (SELECT coalesce(sum(json_array_length(steps)), 0) FROM history h WHERE h.instance_id = i.id)) AS "instances with gaps"`,
    [userId],
  );
  const expected: Record<string, number> = {
    completed: instancesEach - 1,
    failed: 1,
    events: 1,
    instances: instancesEach,
    points: journeyPoints(course) + thanksPoints,
    // Each adds one.
    changes: journeyPoints(course) + thanksPoints,
    commands: 0,
    subscriptions: 0,
    tasks: 0,
    incidents: 0,
    buffered: 0,
    'instances with gaps': 0,
  };
  const { rows: instances } = await pool.query<{ id: string }>('SELECT id FROM instance WHERE subject_id = $1', [
    userId,
  ]);
  const ran = instances.filter(({ id }) => [...ledger.runs.keys()].some((key) => key.startsWith(`${id}:`))).length;
  const wrong = Object.entries(expected).filter(([name, value]) => rows[0]![name] !== value);
  return [
    ...wrong.map(([name, value]) => `${userId} has ${rows[0]![name]} ${name} instead of ${value}.`),
    ...(ran === instancesWithJobs
      ? []
      : [`Jobs of ${ran} instances of ${userId} ran, and ${instancesWithJobs} have some.`]),
  ];
}
