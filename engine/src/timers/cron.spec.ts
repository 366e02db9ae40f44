import { jest } from '@jest/globals';
import { compileCron } from './cron.js';
import { isoInstant } from './iso-instant.js';

function firings(pattern: string, after: string, count: number): (string | null)[] {
  const reading = compileCron(pattern);
  if (!reading.ok) throw new Error(reading.reason);
  const found: (string | null)[] = [];
  let previous: number | null = new Date(after).getTime();
  while (found.length < count && previous !== null) {
    previous = reading.value(previous);
    found.push(previous === null ? null : isoInstant(previous).replace(':00.000Z', ''));
  }
  return found;
}

describe('cron', () => {
  it.each([
    ['0 9 * * MON-FRI', '2026-01-02T09:00:00Z', ['2026-01-05T09:00', '2026-01-06T09:00']],
    ['*/20 8 * * *', '2026-01-02T08:10:00.500Z', ['2026-01-02T08:20', '2026-01-02T08:40', '2026-01-03T08:00']],
    ['0 0 12 1 * *', '2026-01-02T00:00:00Z', ['2026-02-01T12:00', '2026-03-01T12:00']],
    ['0 0 L * *', '2026-01-31T00:00:00Z', ['2026-02-28T00:00']],
    ['@daily', '2026-01-02T00:00:00Z', ['2026-01-03T00:00']],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00']],
    ['0 0 0 1 1 * 2027', '2026-01-01T00:00:00Z', ['2027-01-01T00:00', null]],
    ['30 2 * * * @Europe/Paris', '2026-03-27T12:00:00Z', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
  ])('%s after %s', (pattern, after, expected) => {
    expect(firings(pattern, after, expected.length)).toEqual(expected);
  });

  it.each([
    'banana',
    '0 0 * *',
    '61 * * * *',
    '? * * * *',
    '@reboot',
    '0 0 30 2 *',
    '0 9 * * * @Nowhere/Town',
    '* '.repeat(5_000),
    'H * * * *',
  ])('refuses %s', (pattern) => {
    expect(compileCron(pattern).ok).toBe(false);
  });

  it('does not depend on the clock', () => {
    jest.useFakeTimers({ now: new Date('2199-07-01T00:00:00Z') });
    try {
      expect(firings('0 9 * * *', '2020-01-05T10:00:00Z', 2)).toEqual(['2020-01-06T09:00', '2020-01-07T09:00']);
    } finally {
      jest.useRealTimers();
    }
  });
});
