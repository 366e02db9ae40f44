import type { Duration } from 'luxon';
import type { Expression } from '../expression.js';
import type { TimerResult, TimerSpec } from '../timer-spec.js';
import { compileExpression } from '../expressions/compile-expression.js';
import { noNeeds } from '../expressions/needs.js';
import type { Reading } from '../expressions/reading.js';
import { compileCron, type CronTimes } from './cron.js';
import { addDuration, durationBetween, parseDateTime, parseDuration } from './iso-8601.js';

/** Which of the three timers of BPMN (2.0.2, table 10.101) a text is. */
export type TimerKind = 'date' | 'duration' | 'cycle';

/** What is made up for when firings were missed: one for all of them, or every one. */
export type MissedFirings = 'once' | 'all';

/** Compiles the text of a timer: ISO 8601, or `=` and a FEEL expression that gives it. */
export function compileTimer(kind: TimerKind, text: string, missed: MissedFirings = 'once'): Reading<TimerSpec> {
  const source = text.trim();
  if (source.startsWith('=')) {
    const expression = compileExpression(source.slice(1));
    return expression.ok ? { ok: true, value: computedTimer(kind, expression.value, missed) } : expression;
  }
  const reading = readTimes(kind, source);
  if (!reading.ok) return reading;
  const times = reading.value;
  return {
    ok: true,
    value: Object.freeze<TimerSpec>({
      needs: noNeeds,
      repeats: kind === 'cycle',
      next: (previous, count, _context, noticed) => firing(times, previous, count, missed, noticed),
    }),
  };
}

/** The first firing from number `count` on, after `previous`, that is later than `after`: when it is due, and its number; null: none. */
type Times = (previous: number, count: number, after: number) => Firing | null;
interface Firing {
  readonly dueAt: number;
  readonly count: number;
}

function firing(
  times: Times,
  previous: number,
  count: number,
  missed: MissedFirings,
  noticed = -Infinity,
): TimerResult {
  const found = times(previous, count, missed === 'once' ? noticed : -Infinity);
  return { ok: true, dueAt: found?.dueAt ?? null, count: found?.count ?? count };
}

function computedTimer(kind: TimerKind, expression: Expression, missed: MissedFirings): TimerSpec {
  const next: TimerSpec['next'] = (previous, count, context, noticed) => {
    const result = expression.evaluate(context ?? { at: previous, seed: '', variables: {} });
    if (!result.ok) return result;
    const { value } = result;
    const reading = readTimes(kind, typeof value === 'string' ? value : JSON.stringify(value).slice(0, 200));
    if (!reading.ok)
      return { ...reading, reason: `The expression ${expression.source} gave no timer. ${reading.reason}` };
    return firing(reading.value, previous, count, missed, noticed);
  };
  return Object.freeze({ needs: expression.needs, repeats: kind === 'cycle', next });
}

function readTimes(kind: TimerKind, text: string): Reading<Times> {
  switch (kind) {
    case 'date':
      return readDate(text);
    case 'duration':
      return readDuration(text);
    case 'cycle':
      return readCycle(text);
  }
}

function readDate(text: string): Reading<Times> {
  const dueAt = parseDateTime(text);
  if (dueAt === null)
    return {
      ok: false,
      reason: `"${text}" is not a date and time of ISO 8601.`,
      remedy: 'Write a date such as 2026-01-05T09:00:00Z, or = and a FEEL expression that gives one.',
    };
  return { ok: true, value: once(() => dueAt) };
}

function readDuration(text: string): Reading<Times> {
  const duration = parseDuration(text);
  if (duration === null)
    return {
      ok: false,
      reason: `"${text}" is not a duration of ISO 8601.`,
      remedy:
        'Write a duration such as P3D (three days) or PT30M (thirty minutes), or = and a FEEL expression that gives one.',
    };
  return { ok: true, value: once((previous) => addDuration(previous, duration)) };
}

function once(timeOf: (previous: number) => number | null): Times {
  return (previous, count) => {
    const dueAt = count === 1 ? timeOf(previous) : null;
    return dueAt === null ? null : { dueAt, count };
  };
}

function readCycle(text: string): Reading<Times> {
  const wrong = (reason: string): Reading<Times> => ({
    ok: false,
    reason,
    remedy:
      'Write a repeating interval such as R/P1D (every day), R3/PT10M (three times) or R/2026-01-05T09:00:00Z/P1W.',
  });
  if (!text.startsWith('R')) {
    const cron = compileCron(text);
    return cron.ok ? { ok: true, value: atTimesOf(cron.value) } : cron;
  }
  const match = /^R(\d{0,9})\/(?:([^/]+)\/)?([^/]+)$/.exec(text);
  if (!match) return wrong(`"${text}" is not a repeating interval of ISO 8601.`);
  const [, repetitions = '', first, last = ''] = match;
  const times = repetitions === '' ? Infinity : Number(repetitions);
  const notDuration = (part: string) => wrong(`"${part}" in "${text}" is not a duration of ISO 8601.`);
  const notDate = (part: string) => wrong(`"${part}" in "${text}" is not a date and time of ISO 8601.`);
  const pausing = (cycle: Times, period: Duration): Reading<Times> =>
    addDuration(0, period) === 0 ? wrong(`The timer "${text}" repeats without a pause.`) : { ok: true, value: cycle };

  if (first?.startsWith('P')) {
    const period = parseDuration(first);
    const end = parseDateTime(last);
    if (period === null) return notDuration(first);
    return end === null ? notDate(last) : pausing(fromEntry(times, period, end), period);
  }
  const start = first === undefined ? null : parseDateTime(first);
  const until = start === null || last.startsWith('P') ? null : parseDateTime(last);
  const period = start !== null && until !== null ? durationBetween(start, until) : parseDuration(last);
  if (first !== undefined && start === null) return notDate(first);
  if (period === null) return notDuration(last);
  return pausing(start === null ? fromEntry(times, period, Infinity) : fromStart(times, start, period), period);
}

/** The pattern has no number of times, so that what is left out is not counted. */
function atTimesOf(cron: CronTimes): Times {
  return (previous, count, after) => {
    const dueAt = cron(Math.max(previous, after));
    return dueAt === null ? null : { dueAt, count };
  };
}

/** At entry + period, entry + 2 periods, ..., as often as it says, and not after `end`. */
function fromEntry(times: number, period: Duration, end: number): Times {
  return (previous, count, after) => {
    const found = occurrenceAfter(Math.max(previous, after), times - count + 2, previous, period);
    return found !== null && found.dueAt <= end ? { dueAt: found.dueAt, count: count + found.number - 1 } : null;
  };
}

/** At start, start + period, ..., as far as they are still to come. */
function fromStart(times: number, start: number, period: Duration): Times {
  return (previous, count, after) => {
    if (count === 1 && previous <= start && after < start) return times > 0 ? { dueAt: start, count } : null;
    const found = occurrenceAfter(Math.max(previous, after), times, start, period);
    return found && { dueAt: found.dueAt, count };
  };
}

/** The first of start + n periods later than `after`, n < times. Counted from the start, so that months do not drift to the 28th. */
function occurrenceAfter(
  after: number,
  times: number,
  start: number,
  period: Duration,
): { readonly dueAt: number; readonly number: number } | null {
  const length = (addDuration(start, period) ?? Infinity) - start;
  let n = Math.max(0, Math.floor((after - start) / (length * 1.1)) - 1);
  for (;;) {
    const dueAt = n < times ? addDuration(start, period, n) : null;
    if (dueAt === null) return null;
    if (dueAt > after) return { dueAt, number: n };
    n += 1 + Math.max(0, Math.floor((after - dueAt) / (length * 1.1)) - 1);
  }
}
