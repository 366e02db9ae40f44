import { compileUnaryTests } from './unary-tests.js';
import type { Json } from '../json.js';

const matches = (tests: string, value: unknown, variables: Record<string, Json> = {}): boolean => {
  const reading = compileUnaryTests(tests);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.value.matches(value, {
    at: 0,
    meter: { work: 0, limit: 1_000 },
    matched: [],
    valueOf: (name) => (Object.hasOwn(variables, name) ? variables[name] : null),
  });
};

describe('unary tests', () => {
  it.each([
    ['-', 'anything', true],
    ['', null, true],
    ['"gold"', 'gold', true],
    ['"gold", "silver"', 'silver', true],
    ['"gold", "silver"', 'basic', false],
    ['not("gold", "silver")', 'basic', true],
    ['not("gold", "silver")', 'gold', false],
    ['< 5', 4, true],
    ['< 5, > 10', 7, false],
    ['[1..5]', 5, true],
    ['[1..5)', 5, false],
    ['(1..5]', 1, false],
    [']1..5[', 5, false],
    ['= 5', 5, true],
    ['!= 5', 5, false],
    ['true', true, true],
    ['false', false, true],
    ['true', false, false],
    ['null', null, true],
    ['null', 0, false],
    ['? > 3 and ? < 5', 4, true],
    ['? > 3 and ? < 5', 6, false],
    ['starts with(?, "WE")', 'WE-7', true],
    ['not(contains(?, "x"))', 'abc', true],
    ['?', true, true],
    ['["a", "b"]', 'a', true],
    ['["a", "b"]', ['a', 'b'], true],
    ['1 + 1', 2, true],
    ['date("2026-01-01")', 'no date', false],
  ])('%s with %j: %s', (tests, value, expected) => {
    expect(matches(tests, value)).toBe(expected);
  });

  it.each([
    ['values of other kinds are in no range', '[1..5]', 'a'],
    ['text is not above numbers', '> 5', 'a'],
    ['nothing is not below numbers', '< 5', null],
    ['text is not the number', '5', '5'],
  ])('%s', (_what, tests, value) => {
    expect(matches(tests, value)).toBe(false);
  });

  it('read variables', () => {
    expect(matches('limit', 5, { limit: 5 })).toBe(true);
    expect(matches('> limit', 6, { limit: 5 })).toBe(true);
    expect(matches('known', 'b', { known: ['a', 'b'] })).toBe(true);
    expect(matches('vip', 'anything', { vip: true })).toBe(true);
    expect(matches('vip', false, { vip: true })).toBe(false);
  });

  it.each(['>', '"a" "b"', '[1..', 'not(', 'shout(?)'])('refuse %s', (tests) => {
    expect(compileUnaryTests(tests).ok).toBe(false);
  });

  it('refuse what is nested too deeply', () => {
    expect(compileUnaryTests('('.repeat(5_000)).ok).toBe(false);
  });
});
