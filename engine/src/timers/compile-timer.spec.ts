import type { Variables } from '../json.js';
import { compileTimer, type MissedFirings, type TimerKind } from './compile-timer.js';
import { isoInstant } from './iso-instant.js';

const monday = Date.UTC(2026, 0, 5, 9);

/** The first firings after Monday 2026-01-05T09:00:00Z. */
function firings(
  kind: TimerKind,
  text: string,
  count: number,
  variables: Variables = {},
  start = monday,
): (string | null)[] {
  const reading = compileTimer(kind, text);
  if (!reading.ok) throw new Error(reading.reason);
  const found: (string | null)[] = [];
  let previous = start;
  for (let number = 1; number <= count; number += 1) {
    const result = reading.value.next(previous, number, { at: previous, seed: '', variables });
    if (!result.ok) throw new Error(result.reason);
    found.push(result.dueAt === null ? null : isoInstant(result.dueAt));
    previous = result.dueAt ?? previous;
  }
  return found;
}

describe('compileTimer', () => {
  it.each<[TimerKind, string, (string | null)[]]>([
    ['duration', 'P3D', ['2026-01-08T09:00:00.000Z', null]],
    ['duration', 'PT0S', ['2026-01-05T09:00:00.000Z', null]],
    ['date', '2026-02-01T10:00:00+01:00', ['2026-02-01T09:00:00.000Z', null]],
    ['date', '2026-07-01T10:00:00@Europe/Paris', ['2026-07-01T08:00:00.000Z', null]],
    ['date', '2026-02-01', ['2026-02-01T00:00:00.000Z', null]],
    ['cycle', 'R/PT1H', ['2026-01-05T10:00:00.000Z', '2026-01-05T11:00:00.000Z']],
    ['cycle', 'R2/P1D', ['2026-01-06T09:00:00.000Z', '2026-01-07T09:00:00.000Z', null]],
    ['cycle', 'R0/P1D', [null]],
    ['cycle', 'R/PT1H/2026-01-05T11:00:00Z', ['2026-01-05T10:00:00.000Z', '2026-01-05T11:00:00.000Z', null]],
    ['cycle', 'R1/PT1H/2026-01-05T11:00:00Z', ['2026-01-05T10:00:00.000Z', null]],
    [
      'cycle',
      'R3/2026-01-06T09:00:00Z/2026-01-06T10:30:00Z',
      ['2026-01-06T09:00:00.000Z', '2026-01-06T10:30:00.000Z', '2026-01-06T12:00:00.000Z', null],
    ],
    ['cycle', 'R/2026-01-10T00:00:00Z/P1W', ['2026-01-10T00:00:00.000Z', '2026-01-17T00:00:00.000Z']],
    [
      'cycle',
      'R/2025-12-31T00:00:00Z/P1M',
      ['2026-01-31T00:00:00.000Z', '2026-02-28T00:00:00.000Z', '2026-03-31T00:00:00.000Z'],
    ],
    ['cycle', 'R3/2026-01-04T00:00:00Z/P1D', ['2026-01-06T00:00:00.000Z', null]],
    ['cycle', 'R/2000-01-01T00:00:00Z/PT1S', ['2026-01-05T09:00:01.000Z']],
  ])('%s %s', (kind, text, expected) => {
    expect(firings(kind, text, expected.length)).toEqual(expected);
  });

  it('computes the time by FEEL', () => {
    expect(firings('duration', '=duration(days)', 1, { days: 'P2D' })).toEqual(['2026-01-07T09:00:00.000Z']);
    expect(firings('date', '=now() + duration("PT5M")', 1)).toEqual(['2026-01-05T09:05:00.000Z']);
  });

  it('fails when FEEL gives no time', () => {
    const reading = compileTimer('duration', '=days');
    const result = reading.ok
      ? reading.value.next(monday, 1, { at: monday, seed: '', variables: { days: 3 } })
      : reading;
    expect(result).toMatchObject({
      ok: false,
      reason: 'The expression days gave no timer. "3" is not a duration of ISO 8601.',
    });
  });

  it.each<[TimerKind, string, string]>([
    ['duration', '3 days', '"3 days" is not a duration of ISO 8601.'],
    ['duration', 'P', '"P" is not a duration of ISO 8601.'],
    ['duration', '-P1D', '"-P1D" is not a duration of ISO 8601.'],
    ['duration', 'P999999999Y', '"P999999999Y" is not a duration of ISO 8601.'],
    ['date', 'tomorrow', '"tomorrow" is not a date and time of ISO 8601.'],
    ['date', '2026-02-30', '"2026-02-30" is not a date and time of ISO 8601.'],
    ['cycle', '0 9 *', '"0 9 *" is no cron pattern.'],
    ['cycle', 'R/2026-01-06/2026-01-06', 'The timer "R/2026-01-06/2026-01-06" repeats without a pause.'],
    ['cycle', 'R/P1D/later', '"later" in "R/P1D/later" is not a date and time of ISO 8601.'],
    ['cycle', 'R/PT0S', 'The timer "R/PT0S" repeats without a pause.'],
    ['cycle', 'R/-PT1H', '"-PT1H" in "R/-PT1H" is not a duration of ISO 8601.'],
  ])('refuses %s %s', (kind, text, reason) => {
    expect(compileTimer(kind, text)).toMatchObject({ ok: false, reason });
  });
});

describe('a cycle whose firing is noticed late', () => {
  const hour = 3_600_000;
  /** After the firing number 1, due at ten, which was noticed at `noticed`. */
  const after = (text: string, missed: MissedFirings, noticed: number) => {
    const reading = compileTimer('cycle', text, missed);
    if (!reading.ok) throw new Error(reading.reason);
    const result = reading.value.next(monday + hour, 2, null, noticed);
    if (!result.ok) throw new Error(result.reason);
    return [result.dueAt === null ? null : (result.dueAt - monday) / hour, result.count];
  };

  it.each<[string, number, unknown]>([
    ['R/PT1H', 1, [2, 2]],
    ['R/PT1H', 1.5, [2, 2]],
    ['R/PT1H', 4.5, [5, 5]],
    // What is due at that very moment was missed, too.
    ['R/PT1H', 4, [5, 5]],
    ['R9/PT1H', 4.5, [5, 5]],
    ['R4/PT1H', 4.5, [null, 2]],
    ['R/2026-01-05T10:00:00Z/PT1H', 4.5, [5, 2]],
    ['0 * * * *', 4.5, [5, 2]],
    ['R/PT1S', 1_000_000.5 / 3600, [1_000_001 / 3600, 996_402]],
  ])('goes on with %s later than %d, because one firing stands for all that were missed', (text, noticed, expected) => {
    expect(after(text, 'once', monday + noticed * hour)).toEqual(expected);
  });

  it.each(['R/PT1H', 'R/2026-01-05T10:00:00Z/PT1H', '0 * * * *'])(
    'makes up for every firing of %s where it shall',
    (text) => {
      expect(after(text, 'all', monday + 4.5 * hour)).toEqual([2, 2]);
    },
  );
});
