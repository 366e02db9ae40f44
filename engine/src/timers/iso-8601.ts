import { DateTime, Duration, IANAZone } from 'luxon';

const datePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const durationPattern =
  /^-?P(?=[\dT])(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}W)?(?:\d{1,9}D)?(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,9})?S)?)?$/;

/**
 * An ISO 8601 date, or date and time, as milliseconds since 1970; null for any other text. Without an offset it is read in `zone`
 * (default UTC); the FEEL form `2026-01-05T09:00:00@Europe/Paris` names its own.
 */
export function parseDateTime(text: string, zone = 'UTC'): number | null {
  const [plain = '', named] = text.trim().split('@', 2);
  const match = datePattern.exec(plain);
  if (!match || (named !== undefined && (match[1] !== undefined || !IANAZone.isValidZone(named)))) return null;
  const wall = DateTime.fromISO(plain, { zone: 'utc' });
  if (!wall.isValid) return null;
  return match[1] === undefined ? wallTimeToInstant(wall.toMillis(), named ?? zone) : wall.toMillis();
}

/** An ISO 8601 duration; null for any other text, for negative ones and for more than a thousand years. */
export function parseDuration(text: string): Duration<true> | null {
  const plain = text.trim();
  if (!durationPattern.test(plain) || plain.startsWith('-')) return null;
  const duration = Duration.fromISO(plain);
  return duration.isValid && duration.as('years') <= 1_000 ? duration : null;
}

/** From one instant to another, without a calendar: always as long as these two are apart. Nothing where the other is not later. */
export function durationBetween(start: number, end: number): Duration<true> {
  return Duration.fromMillis(Math.max(0, end - start));
}

/** The end of ECMAScript's time, in milliseconds since 1970. */
const lastInstant = 8.64e15;

/** Adds a duration by the calendar of UTC: a month after 31 January is the last day of February. Null beyond the end of time. */
export function addDuration(at: number, duration: Duration, times = 1): number | null {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  if (years === 0 && months === 0) {
    // In UTC every day has 24 hours.
    const length = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
    const end = at + Math.trunc(length * times);
    return Math.abs(end) <= lastInstant ? end : null;
  }
  const sum = DateTime.fromMillis(at, { zone: 'utc' })
    .plus(duration.mapUnits((value) => value * times))
    .toMillis();
  return Number.isFinite(sum) ? sum : null;
}

/**
 * The instant at which clocks in `zone` show `wall` (the shown time as if it were UTC, in milliseconds). Where clocks show it twice,
 * the first; where they skip it, the instant as long after the jump as the time is after the skipped hour's begin.
 */
export function wallTimeToInstant(wall: number, zone: string): number {
  const place = IANAZone.create(zone);
  const day = 86_400_000;
  const before = wall - place.offset(wall - day) * 60_000;
  const after = wall - place.offset(wall + day) * 60_000;
  const fits = (instant: number): boolean => instant + place.offset(instant) * 60_000 === wall;
  if (fits(before)) return before;
  return fits(after) ? after : before;
}

/** What clocks in `zone` show at an instant, as if it were UTC, in milliseconds. */
export function instantToWallTime(instant: number, zone: string): number {
  return instant + IANAZone.create(zone).offset(instant) * 60_000;
}
