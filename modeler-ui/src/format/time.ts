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
