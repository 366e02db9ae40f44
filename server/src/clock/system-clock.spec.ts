import { jest } from '@jest/globals';
import { SystemClock } from './system-clock.js';

describe('SystemClock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('rings when the time has come, and never before, however far away it is', () => {
    const clock = new SystemClock();
    const rung: number[] = [];
    const inSixtyDays = 60 * 86_400_000;
    clock.setAlarm('a', inSixtyDays, () => rung.push(clock.now()));
    jest.advanceTimersByTime(inSixtyDays - 1);
    expect(rung).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(rung).toEqual([inSixtyDays]);
  });

  it('has one alarm a name: a later one replaces it, null disarms it', () => {
    const clock = new SystemClock();
    const rung: string[] = [];
    clock.setAlarm('a', 10, () => rung.push('first'));
    clock.setAlarm('a', 20, () => rung.push('second'));
    clock.setAlarm('b', 15, () => rung.push('other'));
    clock.setAlarm('b', null, () => undefined);
    jest.advanceTimersByTime(30);
    expect(rung).toEqual(['second']);
  });

  it('waits on when the clock was set back', () => {
    const clock = new SystemClock();
    const rung: number[] = [];
    clock.setAlarm('a', 1_000, () => rung.push(clock.now()));
    jest.setSystemTime(-5_000);
    jest.advanceTimersByTime(1_000);
    expect(rung).toEqual([]);
    jest.advanceTimersByTime(5_000);
    expect(rung).toEqual([1_000]);
  });
});
