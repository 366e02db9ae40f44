import { Pace } from './pace.js';

describe('Pace', () => {
  let now = 0;
  const after = (milliseconds: number, pace: Pace, ended: number): void => {
    now += milliseconds;
    for (let count = 0; count < ended; count++) pace.count();
  };

  it('tells what has ended lately, of the span before as long as that was more', () => {
    const pace = new Pace(() => now);
    expect(pace.lately).toBe(0);
    after(0, pace, 5);
    expect(pace.lately).toBe(5);
    after(100, pace, 2);
    expect(pace.lately).toBe(5);
    after(50, pace, 4);
    expect(pace.lately).toBe(6);
  });

  it('forgets what ended earlier', () => {
    const pace = new Pace(() => now);
    after(0, pace, 5);
    now += 100;
    expect(pace.lately).toBe(5);
    now += 100;
    expect(pace.lately).toBe(0);
    after(0, pace, 3);
    now += 200;
    expect(pace.lately).toBe(0);
  });
});
