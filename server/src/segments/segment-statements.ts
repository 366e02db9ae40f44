import type { SegmentRule } from '@xflow/schemas';
import { DateTime, Duration } from 'luxon';
import { SegmentRuleCompiler } from './compile-segment-rule.js';
import { SqlParameters } from './sql-parameters.js';

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** A user, and the time as of which a rule is judged: milliseconds since 1970. */
export interface SubjectAt {
  readonly subjectId: string;
  readonly at: number;
}

/** The first millisecond of a window (ISO 8601 duration, reckoned in UTC) that ends at `at`. */
export function windowStart(at: number, window: string): number {
  return DateTime.fromMillis(at, { zone: 'utc' }).minus(Duration.fromISO(window)).toMillis();
}

const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();

/**
 * Which users of the whole population meet a rule: `subject_id`, ordered. One scan of the users, and one of the events
 * for each distinct aggregate, hash-joined: 541,909 events of 4,372 users take well under two seconds.
 * @param segments the rules of all segments that are named, directly or not
 */
export function membersStatement(
  rule: SegmentRule,
  segments: ReadonlyMap<string, SegmentRule>,
  at: number,
  page: { readonly after: string | null; readonly limit: number },
): Statement {
  const { head, condition, parameters } = overPopulation(rule, segments, at);
  const after = page.after === null ? '' : ` AND u.subject_id > ${parameters.add(page.after, 'text')}`;
  const limit = parameters.add(page.limit, 'int');
  const text = `${head('u.subject_id')} WHERE ${condition}${after} ORDER BY u.subject_id LIMIT ${limit}`;
  return { text, values: parameters.values };
}

/** How many users of the whole population meet a rule: one row with `size`. */
export function sizeStatement(rule: SegmentRule, segments: ReadonlyMap<string, SegmentRule>, at: number): Statement {
  const { head, condition, parameters } = overPopulation(rule, segments, at);
  return { text: `${head('count(*)::int AS size')} WHERE ${condition}`, values: parameters.values };
}

function overPopulation(rule: SegmentRule, segments: ReadonlyMap<string, SegmentRule>, at: number) {
  const parameters = new SqlParameters();
  let placeholder: string | undefined;
  // PostgreSQL refuses parameters that the statement does not use.
  const now = (): string => (placeholder ??= parameters.add(timestamp(at), 'timestamptz'));
  const compiler = new SegmentRuleCompiler(
    {
      key: 'e.subject_id',
      events: 'user_event e',
      at: now,
      aggregatedAt: now,
      windowStart: (window) => parameters.add(timestamp(windowStart(at, window)), 'timestamptz'),
    },
    segments,
    parameters,
  );
  const condition = compiler.condition(rule);
  const head = (columns: string): string =>
    `${withClause(compiler.aggregates)}SELECT ${columns} FROM user_profile u${joins(compiler.aggregates, 'u.subject_id')}`;
  return { head, condition, parameters };
}

/**
 * Whether each of some users meets each of some rules, every user at a time of their own: `place` (of the subject, from
 * 1) and `truths`, a boolean for each rule. A user without a profile is judged as one with an empty profile.
 * Reads the events of these users only, through the index user_event_by_name.
 */
export function truthsStatement(
  rules: readonly SegmentRule[],
  segments: ReadonlyMap<string, SegmentRule>,
  subjects: readonly SubjectAt[],
): Statement {
  const parameters = new SqlParameters();
  const columns = [
    parameters.add(
      subjects.map((subject) => subject.subjectId),
      'text[]',
    ),
    parameters.add(
      subjects.map((subject) => timestamp(subject.at)),
      'timestamptz[]',
    ),
  ];
  const windows = new Map<string, string>();
  const compiler = new SegmentRuleCompiler(
    {
      key: 'a.place',
      events: 'asked a JOIN user_event e ON e.subject_id = a.subject_id',
      at: () => 'a.at',
      aggregatedAt: () => 'max(a.at)',
      windowStart: (window) => {
        const name = windows.get(window) ?? `since_${windows.size}`;
        windows.set(window, name);
        return `a.${name}`;
      },
    },
    segments,
    parameters,
  );
  const conditions = rules.map((rule) => compiler.condition(rule));
  for (const window of windows.keys()) {
    const starts = subjects.map((subject) => timestamp(windowStart(subject.at, window)));
    columns.push(parameters.add(starts, 'timestamptz[]'));
  }
  const asked =
    `asked AS MATERIALIZED (SELECT * FROM unnest(${columns.join(', ')}) WITH ORDINALITY ` +
    `AS asked(${['subject_id', 'at', ...windows.values(), 'place'].join(', ')}))`;
  const text =
    `${withClause(compiler.aggregates, asked)}SELECT a.place::int AS place, ARRAY[${conditions.join(', ')}]::boolean[] AS truths ` +
    `FROM asked a LEFT JOIN user_profile u ON u.subject_id = a.subject_id${joins(compiler.aggregates, 'a.place')}`;
  return { text, values: parameters.values };
}

function withClause(aggregates: ReadonlyMap<string, string>, ...first: string[]): string {
  const parts = [...first, ...[...aggregates].map(([name, text]) => `${name} AS (${text})`)];
  return parts.length === 0 ? '' : `WITH ${parts.join(', ')} `;
}

function joins(aggregates: ReadonlyMap<string, string>, key: string): string {
  return [...aggregates.keys()].map((name) => ` LEFT JOIN ${name} ON ${name}.key = ${key}`).join('');
}
