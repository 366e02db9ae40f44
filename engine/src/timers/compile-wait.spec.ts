import type { EvaluationContext } from '../expression.js';
import { compileWait, type WaitText } from './compile-wait.js';
import { isoInstant } from './iso-instant.js';

const nothing: WaitText = { duration: null, until: null, zone: null, window: null, weekdays: null, jitter: null };

function due(text: Partial<WaitText>, from: string, context: Partial<EvaluationContext> = {}): string {
  const at = Date.parse(from);
  const reading = compileWait({ ...nothing, ...text }, null, 'Wait');
  if (!reading.ok) throw new Error(reading.reason);
  const result = reading.value.next(at, 1, { at, seed: 'seed', variables: {}, ...context });
  if (!result.ok || result.dueAt === null) throw new Error(result.ok ? 'never' : result.reason);
  return isoInstant(result.dueAt);
}

describe('compileWait', () => {
  it('waits for a duration, or until a date in the zone', () => {
    expect(due({ duration: 'P3D' }, '2026-01-05T09:00:00Z')).toBe('2026-01-08T09:00:00.000Z');
    expect(due({ until: '2026-07-01T09:00', zone: 'Europe/Paris' }, '2026-01-05T09:00:00Z')).toBe(
      '2026-07-01T07:00:00.000Z',
    );
  });

  it('moves forward into the window, in the local time of the user', () => {
    const zone = '=user.attributes.zone';
    const user = { attributes: { zone: 'America/New_York' } };
    const window = '09:00-18:00';
    expect(due({ duration: 'PT1H', zone, window }, '2026-01-05T09:00:00Z', { user })).toBe('2026-01-05T14:00:00.000Z');
    expect(due({ duration: 'PT1H', zone, window }, '2026-01-05T15:30:00Z', { user })).toBe('2026-01-05T16:30:00.000Z');
    expect(due({ duration: 'PT1H', zone, window }, '2026-01-05T23:30:00Z', { user })).toBe('2026-01-06T14:00:00.000Z');
  });

  it('skips the weekdays that are not allowed', () => {
    expect(due({ window: '09:00-10:00', weekdays: 'tue,Thursday' }, '2026-01-06T10:00:00Z')).toBe(
      '2026-01-08T09:00:00.000Z',
    );
    expect(due({ weekdays: 'mon' }, '2026-01-06T10:00:00Z')).toBe('2026-01-12T00:00:00.000Z');
  });

  it('knows windows that go over midnight', () => {
    expect(due({ window: '22:00-02:00', weekdays: 'mon' }, '2026-01-06T01:00:00Z')).toBe('2026-01-06T01:00:00.000Z');
    expect(due({ window: '22:00-02:00', weekdays: 'mon' }, '2026-01-06T02:00:00Z')).toBe('2026-01-12T22:00:00.000Z');
  });

  it('lands on real moments when clocks change', () => {
    const paris = { zone: 'Europe/Paris', window: '02:30-03:30' };
    expect(due(paris, '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(due(paris, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('spreads instances by a jitter that is stable for each, and stays in the window', () => {
    const text = { window: '09:00-10:00', jitter: 'PT3H' };
    const times = Array.from({ length: 50 }, (_, index) =>
      due(text, '2026-01-05T07:00:00Z', { seed: `instance-${index}` }),
    );
    expect(times).toEqual(
      Array.from({ length: 50 }, (_, index) => due(text, '2026-01-05T07:00:00Z', { seed: `instance-${index}` })),
    );
    expect(new Set(times).size).toBeGreaterThan(15);
    for (const time of times)
      expect(time >= '2026-01-05T09:00:00.000Z' && time < '2026-01-05T10:00:00.000Z').toBe(true);
  });

  it.each<[Partial<WaitText>, string]>([
    [{}, 'The wait does not say how long to wait.'],
    [{ duration: 'P1D', until: '2026-01-01' }, 'The wait says more than one time to wait for.'],
    [{ duration: 'soon' }, '"soon" is not a duration of ISO 8601.'],
    [{ until: 'soon' }, '"soon" is not a date and time of ISO 8601.'],
    [{ duration: 'P1D', zone: 'Mars/Olympus' }, '"Mars/Olympus" is not a time zone.'],
    [{ window: '9-18' }, 'The window "9-18" is not understood.'],
    [{ window: '09:00-09:00' }, 'The window "09:00-09:00" is empty.'],
    [{ weekdays: 'mon,someday' }, 'The weekdays "mon,someday" are not understood.'],
    [{ duration: 'P1D', jitter: 'some' }, 'The jitter "some" is not a duration of ISO 8601.'],
  ])('refuses %j', (text, reason) => {
    expect(compileWait({ ...nothing, ...text }, null, 'Wait')).toMatchObject({ ok: false, reason });
  });

  it('fails when the zone of the user is none', () => {
    expect(() =>
      due({ duration: 'P1D', zone: '=user.zone' }, '2026-01-05T07:00:00Z', { user: { zone: 'nowhere' } }),
    ).toThrow('The wait cannot use the value "nowhere".');
  });
});
