import { jest } from '@jest/globals';
import type { Problem } from '@xflow/schemas';
import { Linter } from './linter.js';

const problem: Problem = { level: 'error', rule: 'r', elementId: 'A', message: 'Wrong.', remedy: 'Correct it.' };

/** A diagram whose events the test fires, and whose checks the test answers. */
function diagram() {
  const listeners = new Map<string, () => void>();
  const fired: unknown[] = [];
  const shown: (readonly Problem[])[] = [];
  const checks: ((problems: readonly Problem[]) => void)[] = [];
  const eventBus = {
    on: (events: string | readonly string[], callback: () => void) => {
      for (const event of [events].flat()) listeners.set(event, callback);
    },
    off: () => undefined,
    fire: (event: string, data: unknown) => fired.push([event, data]),
  };
  new Linter(
    eventBus as never,
    { saveXML: () => Promise.resolve({ xml: '<xml/>' }) },
    { show: (problems: readonly Problem[]) => shown.push(problems) } as never,
    () => new Promise((resolve) => checks.push(resolve)),
  );
  return { change: () => listeners.get('commandStack.changed')?.(), fired, shown, checks };
}

describe('the linter', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('checks once after a burst of changes', async () => {
    const { change, checks, shown, fired } = diagram();
    change();
    change();
    await jest.advanceTimersByTimeAsync(200);
    change();
    await jest.advanceTimersByTimeAsync(349);
    expect(checks).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(checks).toHaveLength(1);
    checks[0]?.([problem]);
    await jest.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([[problem]]);
    expect(fired).toEqual([['lint.completed', { problems: [problem] }]]);
  });

  it('drops the answer of a check that a later one has overtaken', async () => {
    const { change, checks, shown } = diagram();
    change();
    await jest.advanceTimersByTimeAsync(400);
    change();
    await jest.advanceTimersByTimeAsync(400);
    checks[1]?.([]);
    await jest.advanceTimersByTimeAsync(0);
    checks[0]?.([problem]);
    await jest.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([[]]);
  });
});
