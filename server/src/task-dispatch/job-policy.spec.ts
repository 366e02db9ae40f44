import { parseJobLimits, retryDelay, usualAttempts } from './job-policy.js';

describe('retryDelay', () => {
  it('grows fourfold, up to five minutes, over all attempts but the last', () => {
    const delays = Array.from({ length: usualAttempts - 1 }, (_, index) => retryDelay(index + 1, 0));
    expect(delays).toEqual([1_000, 4_000, 16_000, 64_000]);
    expect(retryDelay(20, 0)).toBe(300_000);
  });

  it('begins and ends as it is told', () => {
    const backoff = { first: 10, longest: 100 };
    expect([1, 2, 3, 4].map((attempt) => retryDelay(attempt, 0, backoff))).toEqual([10, 40, 100, 100]);
  });

  it('is what the element says, the last for all further attempts', () => {
    expect([1, 2, 3].map((attempt) => retryDelay(attempt, 0.5, undefined, [10, 70]))).toEqual([10, 70, 70]);
  });

  it('takes a random half off, so that what failed together does not come back together', () => {
    expect(retryDelay(1, 0.5)).toBe(750);
    expect(retryDelay(1, 0.999)).toBeGreaterThanOrEqual(500);
  });
});

describe('parseJobLimits', () => {
  it('reads attempts at a time and in a span of time', () => {
    expect([...parseJobLimits('send-email=600/m, send-email=20,x.y=5/s,')]).toEqual([
      ['send-email', { concurrency: 20, rate: { max: 600, duration: 60_000 } }],
      ['x.y', { concurrency: null, rate: { max: 5, duration: 1_000 } }],
    ]);
    expect(parseJobLimits('').size).toBe(0);
  });

  it.each(['send-email', 'send-email=', 'send-email=0', '=5', 'a=5/w', 'a=-1', 'a=1.5'])('refuses %s', (text) => {
    expect(() => parseJobLimits(text)).toThrow(`XFLOW_JOB_LIMITS has "${text}"`);
  });
});
