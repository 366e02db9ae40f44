import { Coalescer } from './coalescer.js';

describe('Coalescer', () => {
  it('loads what is asked for together in one call, and what comes meanwhile in the next', async () => {
    const calls: number[][] = [];
    const later: Promise<number>[] = [];
    const coalescer: Coalescer<number, number> = new Coalescer(async (keys) => {
      calls.push([...keys]);
      if (later.length === 0) later.push(coalescer.get(4), coalescer.get(5));
      return Promise.resolve(keys.map((key) => key * 10));
    });
    expect(await Promise.all([1, 2, 3].map((key) => coalescer.get(key)))).toEqual([10, 20, 30]);
    expect(await Promise.all(later)).toEqual([40, 50]);
    expect(calls).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('fails all of a set together, and goes on', async () => {
    const coalescer = new Coalescer((keys: readonly number[]) =>
      keys.includes(0) ? Promise.reject(new Error('no')) : Promise.resolve(keys),
    );
    expect(await Promise.allSettled([coalescer.get(0), coalescer.get(1)])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    expect(await coalescer.get(1)).toBe(1);
  });
});
