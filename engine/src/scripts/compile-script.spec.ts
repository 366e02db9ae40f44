import type { EvaluationContext } from '../definition.js';
import { compileScript } from './compile-script.js';
import { loadSandbox } from './sandbox.js';

beforeAll(loadSandbox);

function run(source: string, context: Partial<EvaluationContext> = {}) {
  const reading = compileScript(source, 'Script');
  if (!reading.ok) throw new Error(reading.reason);
  return reading.value.evaluate({ at: 1_000, seed: 'seed', variables: {}, ...context });
}

describe('compileScript', () => {
  it('reads variables by name, and returns JSON', () => {
    expect(run('return { total: price * variables.count }', { variables: { price: 3, count: 2 } })).toEqual({
      ok: true,
      value: { total: 6 },
    });
    expect(run('const unused = 1')).toEqual({ ok: true, value: null });
  });

  it('has no clock, and randomness that is stable for an instance', () => {
    expect(run('return [typeof Date, typeof process, typeof fetch, typeof require, now]')).toEqual({
      ok: true,
      value: ['undefined', 'undefined', 'undefined', 'undefined', 1_000],
    });
    expect(run('return Math.random()')).toEqual(run('return Math.random()'));
    expect(run('return Math.random()')).not.toEqual(run('return Math.random()', { seed: 'another' }));
  });

  it('asks for the profile when it reads the user', () => {
    const reading = compileScript('return user.tier', 'Script');
    expect(reading.ok && reading.value.needs.profile).toBe(true);
    expect(run('return user.tier', { user: { tier: 'gold' } })).toEqual({ ok: true, value: 'gold' });
  });

  it.each([
    ['throw new Error("no stock")', 'The script of <Script> failed: Error: no stock.'],
    ['return () => 1', 'The script of <Script> failed: TypeError: the result is a function or a promise.'],
    ['return unknown', "The script of <Script> failed: ReferenceError: 'unknown' is not defined."],
    ['while (true);', 'The script of <Script> failed: it ran for too long.'],
    ['return /(a+)+$/.test("a".repeat(40) + "b")', 'The script of <Script> failed: it ran for too long.'],
    [
      'const all = []; while (true) all.push("x".repeat(1e6) + all.length)',
      'The script of <Script> failed: InternalError: out of memory.',
    ],
    ['return "x".repeat(2e6)', 'The script of <Script> failed: the result has 2000002 characters, more than 1000000.'],
  ])('fails on %s', (source, reason) => {
    expect(run(source)).toMatchObject({ ok: false, reason });
  });

  it('survives scripts that run away, and forgets what a script left behind', () => {
    run('globalThis.left = 1; while (true);');
    expect(run('return typeof left')).toEqual({ ok: true, value: 'undefined' });
  });

  it('refuses what is no JavaScript', () => {
    expect(compileScript('retrun 1', 'Script')).toMatchObject({
      ok: false,
      reason: "The script is no JavaScript: SyntaxError: expecting ';'.",
    });
  });
});
