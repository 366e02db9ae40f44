import { type Duration, IANAZone } from 'luxon';
import type { EvaluationContext, EvaluationFailure } from '../expression.js';
import type { TimerResult, TimerSpec } from '../timer-spec.js';
import { mergeNeeds } from '../expressions/needs.js';
import type { Reading } from '../expressions/reading.js';
import { type Leaf, readLeaf } from '../expressions/template.js';
import { stableFraction } from '../stable-fraction.js';
import { addDuration, instantToWallTime, parseDateTime, parseDuration, wallTimeToInstant } from './iso-8601.js';

/** Attributes of xflow:wait as text; null: absent. */
export interface WaitText {
  readonly duration: string | null;
  readonly until: string | null;
  readonly zone: string | null;
  readonly window: string | null;
  readonly weekdays: string | null;
  readonly jitter: string | null;
}

const minute = 60_000;
const day = 86_400_000;
const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** When users may be woken, by the clock of their zone. */
interface OpeningHours {
  /** Milliseconds after midnight; a window that ends before it begins goes over midnight. */
  readonly from: number;
  readonly until: number;
  /** Days on which the window begins; 0 is Monday. */
  readonly weekdays: ReadonlySet<number>;
}

/**
 * Compiles an xflow:wait: first the base (the duration, the date, the standard timer, or now), then forward to the first moment that lies
 * in the window of an allowed weekday in the zone, then up to `jitter` later, as far as the window allows. The jitter of an instance is stable.
 */
export function compileWait(text: WaitText, standard: TimerSpec | null, elementId: string): Reading<TimerSpec> {
  const bases = [text.duration, text.until, standard].filter((base) => base !== null);
  if (bases.length > 1)
    return refuse(
      'The wait says more than one time to wait for.',
      'Keep one of duration, until and the standard timer.',
    );
  if (bases.length === 0 && text.window === null && text.weekdays === null)
    return refuse(
      'The wait does not say how long to wait.',
      'Give it a duration such as P3D, a date in until, a window or weekdays.',
    );

  const hours = readOpeningHours(text);
  if (!hours.ok) return hours;
  const jitter = text.jitter === null ? null : parseDuration(text.jitter);
  if (text.jitter !== null && jitter === null)
    return refuse(`The jitter "${text.jitter}" is not a duration of ISO 8601.`, 'Write a duration such as PT30M.');
  const leaves = [text.duration ?? 'PT0S', text.until ?? '', text.zone ?? 'UTC'].map((part) => readLeaf(part));
  for (const leaf of leaves) if (!leaf.ok) return leaf;
  const [duration, until, zone] = leaves.flatMap((leaf) => (leaf.ok ? [leaf.value] : []));
  if (!duration || !until || !zone) throw new Error('Expected three leaves.');

  const base = (
    previous: number,
    zoneName: string,
    context: EvaluationContext | null,
  ): { readonly ok: true; readonly dueAt: number | null } | EvaluationFailure => {
    if (standard) return standard.next(previous, 1, context);
    return text.until === null
      ? textValue(duration, context, (value) => durationEnd(value, previous), waitDurationRemedy)
      : textValue(until, context, (value) => parseDateTime(value, zoneName), waitUntilRemedy);
  };
  const next = (previous: number, count: number, context: EvaluationContext | null): TimerResult => {
    if (count > 1) return { ok: true, dueAt: null, count };
    const zoneResult = textValue(zone, context, (value) => (IANAZone.isValidZone(value) ? value : null), zoneRemedy);
    if (!zoneResult.ok) return zoneResult;
    const start = base(previous, zoneResult.dueAt, context);
    if (!start.ok) return start;
    if (start.dueAt === null) return { ok: true, dueAt: null, count };
    const share = jitter === null ? 0 : stableFraction(`${context?.seed ?? ''}:${elementId}`);
    return {
      ok: true,
      count,
      dueAt: place(start.dueAt, hours.value, zoneResult.dueAt, share * jitterLength(start.dueAt, jitter)),
    };
  };
  const constant = firstFailure(text, [duration, until, zone]);
  if (constant) return constant;
  const needs = mergeNeeds([
    ...[duration, until, zone].flatMap((leaf) => ('computed' in leaf ? [leaf.computed] : [])),
    ...(standard ? [standard] : []),
  ]);
  return { ok: true, value: Object.freeze<TimerSpec>({ needs, repeats: false, next }) };
}

const waitDurationRemedy = 'Write a duration such as P3D, or = and a FEEL expression that gives one.';
const waitUntilRemedy = 'Write a date such as 2026-01-05T09:00, or = and a FEEL expression that gives one.';
const zoneRemedy = 'Write a zone of the IANA list such as Europe/Paris, or = and a FEEL expression that gives one.';

/** Mistakes in constants are found when the diagram is compiled. */
function firstFailure(text: WaitText, [duration, until, zone]: readonly Leaf[]): Reading<never> | null {
  const known = (leaf: Leaf | undefined): string | null => (leaf && 'constant' in leaf ? String(leaf.constant) : null);
  const [durationText, untilText, zoneText] = [known(duration), known(until), known(zone)];
  if (text.duration !== null && durationText !== null && parseDuration(durationText) === null)
    return refuse(`"${durationText}" is not a duration of ISO 8601.`, waitDurationRemedy);
  if (text.until !== null && untilText !== null && parseDateTime(untilText) === null)
    return refuse(`"${untilText}" is not a date and time of ISO 8601.`, waitUntilRemedy);
  if (zoneText !== null && !IANAZone.isValidZone(zoneText))
    return refuse(`"${zoneText}" is not a time zone.`, zoneRemedy);
  return null;
}

function textValue<T>(
  leaf: Leaf,
  context: EvaluationContext | null,
  read: (text: string) => T | null,
  remedy: string,
): { readonly ok: true; readonly dueAt: T } | EvaluationFailure {
  const empty: EvaluationContext = { at: 0, seed: '', variables: {} };
  const result =
    'constant' in leaf ? { ok: true as const, value: leaf.constant } : leaf.computed.evaluate(context ?? empty);
  if (!result.ok) return result;
  const value = typeof result.value === 'string' ? read(result.value) : null;
  if (value !== null) return { ok: true, dueAt: value };
  return { ok: false, reason: `The wait cannot use the value ${JSON.stringify(result.value).slice(0, 200)}.`, remedy };
}

function durationEnd(text: string, start: number): number | null {
  const duration = parseDuration(text);
  return duration && addDuration(start, duration);
}

function jitterLength(at: number, jitter: Duration | null): number {
  return jitter === null ? 0 : (addDuration(at, jitter) ?? at) - at;
}

/** Moves forward into the opening hours, then by the jitter, but not out of them. */
function place(at: number, hours: OpeningHours | null, zone: string, jitter: number): number {
  if (hours === null) return Math.round(at + jitter);
  const wall = instantToWallTime(at, zone);
  const midnight = Math.floor(wall / day) * day;
  const length = hours.until > hours.from ? hours.until - hours.from : hours.until - hours.from + day;
  // Yesterday's window may go over midnight; eight days on, every weekday has come once.
  for (let offset = -1; offset <= 8; offset += 1) {
    const opens = midnight + offset * day + hours.from;
    if (opens + length <= wall || !hours.weekdays.has(weekday(midnight + offset * day))) continue;
    const start = wallTimeToInstant(Math.max(opens, wall), zone);
    const end = wallTimeToInstant(opens + length, zone);
    return Math.max(at, Math.round(Math.min(start + jitter, end - minute, end)), Math.round(start));
  }
  throw new Error('Expected at least one weekday.');
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
function weekday(wall: number): number {
  return (((Math.floor(wall / day) + 3) % 7) + 7) % 7;
}

function readOpeningHours({ window, weekdays }: WaitText): Reading<OpeningHours | null> {
  if (window === null && weekdays === null) return { ok: true, value: null };
  const days = (weekdays ?? weekdayNames.join(','))
    .split(',')
    .map((name) => weekdayNames.indexOf(name.trim().toLowerCase().slice(0, 3)));
  if (days.includes(-1))
    return refuse(`The weekdays "${weekdays ?? ''}" are not understood.`, 'Write them as mon,tue,wed,thu,fri,sat,sun.');
  const match = /^([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(window ?? '00:00-24:00');
  if (!match)
    return refuse(
      `The window "${window ?? ''}" is not understood.`,
      'Write it as HH:mm-HH:mm, for example 09:00-18:00.',
    );
  const [, fromHour, fromMinute, untilHour, untilMinute] = match;
  const from = (Number(fromHour) * 60 + Number(fromMinute)) * minute;
  const until = untilHour === undefined ? day : (Number(untilHour) * 60 + Number(untilMinute)) * minute;
  if (from === until)
    return refuse(`The window "${window ?? ''}" is empty.`, 'Write it as HH:mm-HH:mm, for example 09:00-18:00.');
  return { ok: true, value: { from, until, weekdays: new Set(days) } };
}

function refuse(
  reason: string,
  remedy: string,
): { readonly ok: false; readonly reason: string; readonly remedy: string } {
  return { ok: false, reason, remedy };
}
