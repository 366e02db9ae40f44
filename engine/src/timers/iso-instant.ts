import { DateTime } from 'luxon';

/** Milliseconds since 1970 as ISO 8601 in UTC. Throws for what is no time. */
export function isoInstant(at: number): string {
  const text = DateTime.fromMillis(at, { zone: 'utc' }).toISO();
  if (text === null) throw new Error(`Expected a time in milliseconds since 1970, and got ${at}.`);
  return text;
}
