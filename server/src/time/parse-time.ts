const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2}))?$/;
/** 0001-01-01T00:00:00Z: PostgreSQL knows no year 0. */
const earliest = -62_135_596_800_000;

/**
 * Milliseconds since 1970 of an RFC 3339 time (`2026-01-05T09:00:00.5+08:00`) or of a date, which means its midnight in
 * UTC; null when the text is neither. Exact: no 31st of February, no guessing. Digits beyond the millisecond are dropped.
 */
export function parseTime(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as Six;
  if (h > 23 || mi > 59 || s > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  date.setUTCHours(h, mi, s, Number(fraction.slice(0, 3).padEnd(3, '0')));
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const time = date.getTime() - offset * 60_000;
  return time < earliest ? null : time;
}
type Six = [number, number, number, number, number, number];

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
