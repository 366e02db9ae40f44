import { mostAttempts, retryDelay } from './retry-policy.js';

describe('retryDelay', () => {
  it('grows fourfold, up to five minutes, over all attempts but the last', () => {
    const delays = Array.from({ length: mostAttempts - 1 }, (_, index) => retryDelay(index + 1, 0));
    expect(delays).toEqual([1_000, 4_000, 16_000, 64_000]);
    expect(retryDelay(20, 0)).toBe(300_000);
  });

  it('is what the element says, the last for all further attempts', () => {
    expect([1, 2, 3].map((attempt) => retryDelay(attempt, 0.5, [10, 70]))).toEqual([10, 70, 70]);
  });

  it('takes a random half off, so that what failed together does not come back together', () => {
    expect(retryDelay(1, 0.5)).toBe(750);
    expect(retryDelay(1, 0.999)).toBeGreaterThanOrEqual(500);
  });
});
