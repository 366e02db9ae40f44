import { absoluteTime, relativeTime } from './time.js';

const now = Date.parse('2026-01-05T09:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-01-05T09:00:00Z', 'now'],
    ['2026-01-05T08:59:30Z', '30 seconds ago'],
    ['2026-01-05T08:15:00Z', '45 minutes ago'],
    ['2026-01-05T06:00:00Z', '3 hours ago'],
    ['2026-01-08T09:00:00Z', 'in 3 days'],
    ['2026-01-08T08:59:00Z', 'in 3 days'],
    ['2025-01-01T09:00:00Z', 'last year'],
  ])('says %s as "%s"', (at, spoken) => {
    expect(relativeTime(Date.parse(at), now, 'en')).toBe(spoken);
  });

  it('speaks Chinese', () => {
    expect(relativeTime(now - 3 * 3_600_000, now, 'zh')).toBe('3小时前');
  });

  it('says nothing of a time that is none', () => {
    expect(relativeTime(Number.NaN, now, 'en')).toBe('');
    expect(absoluteTime(Number.NaN, 'en')).toBe('');
  });
});
