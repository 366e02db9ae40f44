import { jest } from '@jest/globals';
import { DatabaseClock } from './database-clock.js';

describe('DatabaseClock', () => {
  /** Milliseconds by which the database's clock is ahead of this machine's. */
  let ahead: number;
  let reads: number;
  const load = (): Promise<DatabaseClock> =>
    DatabaseClock.load(() => {
      reads += 1;
      return Promise.resolve(performance.now() + ahead);
    });
  beforeEach(() => {
    ahead = 0;
    reads = 0;
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('rings when the time has come, and never before, however far away it is', async () => {
    const clock = await load();
    const rung: number[] = [];
    const inSixtyDays = clock.now() + 60 * 86_400_000;
    clock.setAlarm('a', inSixtyDays, () => rung.push(clock.now()));
    jest.advanceTimersByTime(60 * 86_400_000 - 1);
    expect(rung).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(rung).toEqual([inSixtyDays]);
  });

  it('has one alarm a name: a later one replaces it, null disarms it', async () => {
    const clock = await load();
    const rung: string[] = [];
    clock.setAlarm('a', clock.now() + 10, () => rung.push('first'));
    clock.setAlarm('a', clock.now() + 20, () => rung.push('second'));
    clock.setAlarm('b', clock.now() + 15, () => rung.push('other'));
    clock.setAlarm('b', null, () => undefined);
    jest.advanceTimersByTime(30);
    expect(rung).toEqual(['second']);
  });

  it('tells the time of the database, whatever the clock of this machine is set to', async () => {
    ahead = 5_000_000;
    const clock = await load();
    const began = clock.now();
    expect(began).toBe(Math.floor(performance.now() + 5_000_000));
    jest.setSystemTime(-3_600_000);
    jest.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(began + 1_000);
  });

  it('follows a database whose clock was set, but not the jitter of an answer that took longer', async () => {
    const clock = await load();
    const began = clock.now();
    const after = async (milliseconds: number): Promise<number> => {
      jest.advanceTimersByTime(milliseconds);
      clock.now();
      await Promise.resolve();
      await Promise.resolve();
      return clock.now() - began;
    };
    ahead = -20;
    expect(await after(61_000)).toBe(61_000);
    ahead = -30_000;
    expect(await after(61_000)).toBe(122_000 - 30_000);
    expect(reads).toBe(3);
  });

  it('waits on when the clock was set back', async () => {
    const clock = await load();
    const rung: string[] = [];
    clock.setAlarm('a', clock.now() + 61_000, () => rung.push('rung'));
    ahead = -5_000;
    jest.advanceTimersByTime(60_500);
    clock.now();
    await Promise.resolve();
    await Promise.resolve();
    jest.advanceTimersByTime(500);
    expect(rung).toEqual([]);
    jest.advanceTimersByTime(5_000);
    expect(rung).toEqual(['rung']);
  });
});
