const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** "3 hours ago", "in 2 days", "now" (within a second). Times in milliseconds since 1970; a time that is none gives "". */
export function relativeTime(at: number, now: number, language: string): string {
  if (!Number.isFinite(at)) return '';
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const difference = at - now;
  const unit = units.find(([, length]) => Math.abs(difference) >= length);
  return unit === undefined ? format.format(0, 'second') : format.format(Math.round(difference / unit[1]), unit[0]);
}

/** Date and time to the second in the reader's zone. Milliseconds since 1970; a time that is none gives "". */
export function absoluteTime(at: number, language: string): string {
  if (!Number.isFinite(at)) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** An RFC 3339 time as the value of an input for date and time, in the reader's zone; "" where there is none. */
export function inputTime(time: string | undefined): string {
  const at = Date.parse(time ?? '');
  if (!Number.isFinite(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What was entered into such an input, as an RFC 3339 time; undefined where it is none. */
export function timeOfInput(text: string): string | undefined {
  const at = Date.parse(text);
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}

/** "1 h 4 min", "12 s": how long something took, in its two largest units. Milliseconds. */
export function duration(milliseconds: number, language: string): string {
  const told = (value: number, unit: 'day' | 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [
    ['day', Math.floor(seconds / 86_400)],
    ['hour', Math.floor(seconds / 3600) % 24],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ] as const;
  const first = parts.findIndex(([, value]) => value > 0);
  if (first === -1) return told(0, 'second');
  return parts
    .slice(first, first + 2)
    .filter(([, value]) => value > 0)
    .map(([unit, value]) => told(value, unit))
    .join(' ');
}
