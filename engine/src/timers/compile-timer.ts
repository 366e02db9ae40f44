import type { Duration } from 'luxon';
import type { EvaluationContext, Expression, TimerResult, TimerSpec } from '../definition.js';
import { compileExpression } from '../expressions/compile-expression.js';
import { noNeeds } from '../expressions/needs.js';
import type { Reading } from '../expressions/reading.js';
import { compileCron } from './cron.js';
import { addDuration, parseDateTime, parseDuration } from './iso-8601.js';

/** Which of the three timers of BPMN (2.0.2, table 10.101) a text is. */
export type TimerKind = 'date' | 'duration' | 'cycle';

/** Compiles the text of a timer: ISO 8601, or `=` and a FEEL expression that gives it. */
export function compileTimer(kind: TimerKind, text: string): Reading<TimerSpec> {
  const source = text.trim();
  if (source.startsWith('=')) {
    const expression = compileExpression(source.slice(1));
    return expression.ok ? { ok: true, value: computedTimer(kind, expression.value) } : expression;
  }
  const reading = readTimes(kind, source);
  if (!reading.ok) return reading;
  const times = reading.value;
  return {
    ok: true,
    value: Object.freeze<TimerSpec>({
      needs: noNeeds,
      repeats: kind === 'cycle',
      next: (previous, count) => ({ ok: true, dueAt: times(previous, count) }),
    }),
  };
}

/** When firing number `count` is due, after `previous`. */
type Times = (previous: number, count: number) => number | null;

function computedTimer(kind: TimerKind, expression: Expression): TimerSpec {
  const next = (previous: number, count: number, context: EvaluationContext | null): TimerResult => {
    const result = expression.evaluate(context ?? { at: previous, seed: '', variables: {} });
    if (!result.ok) return result;
    const { value } = result;
    const reading = readTimes(kind, typeof value === 'string' ? value : JSON.stringify(value).slice(0, 200));
    if (!reading.ok)
      return { ...reading, reason: `The expression ${expression.source} gave no timer. ${reading.reason}` };
    return { ok: true, dueAt: reading.value(previous, count) };
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
  return { ok: true, value: (_previous, count) => (count === 1 ? dueAt : null) };
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
  return { ok: true, value: (previous, count) => (count === 1 ? addDuration(previous, duration) : null) };
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
    return cron.ok ? { ok: true, value: (previous) => cron.value(previous) } : cron;
  }
  const match = /^R(\d{0,9})\/(?:([^/]+)\/)?([^/]+)$/.exec(text);
  if (!match) return wrong(`"${text}" is not a repeating interval of ISO 8601.`);
  const [, repetitions = '', startText, periodText = ''] = match;
  const times = repetitions === '' ? Infinity : Number(repetitions);
  const period = parseDuration(periodText);
  if (period === null) return wrong(`"${periodText}" in "${text}" is not a duration of ISO 8601.`);
  if (addDuration(0, period) === 0) return wrong(`The timer "${text}" repeats without a pause.`);
  const start = startText === undefined ? null : parseDateTime(startText);
  if (startText !== undefined && start === null)
    return wrong(`"${startText}" in "${text}" is not a date and time of ISO 8601.`);
  return { ok: true, value: cycle(times, start, period) };
}

/** Firings at entry + period, entry + 2 periods, ...; with a start at start, start + period, ... as far as they are still to come. */
function cycle(times: number, start: number | null, period: Duration): Times {
  return (previous, count) => {
    if (start === null) return count > times ? null : addDuration(previous, period);
    if (count === 1 && previous <= start) return times > 0 ? start : null;
    return occurrenceAfter(previous, times, start, period);
  };
}

/** The first start + n periods later than `after`, n < times. Counted from the start, so that months do not drift to the 28th. */
function occurrenceAfter(after: number, times: number, start: number, period: Duration): number | null {
  const length = (addDuration(start, period) ?? Infinity) - start;
  let n = Math.max(0, Math.floor((after - start) / (length * 1.1)) - 1);
  for (;;) {
    const occurrence = n < times ? addDuration(start, period, n) : null;
    if (occurrence === null || occurrence > after) return occurrence;
    n += 1 + Math.max(0, Math.floor((after - occurrence) / (length * 1.1)) - 1);
  }
}
