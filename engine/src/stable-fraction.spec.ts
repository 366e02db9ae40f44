import { stableFraction } from './stable-fraction.js';

describe('stableFraction', () => {
  it('is the same for ever', () => {
    expect(['', 'experiment:user-1', '实验'].map(stableFraction)).toEqual([
      0.6689221884589642, 0.548275709617883, 0.2478813575580716,
    ]);
  });

  it('spreads evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let user = 0; user < 20_000; user += 1) {
      const tenth = Math.floor(stableFraction(`experiment:user-${user}`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(150);
  });
});
