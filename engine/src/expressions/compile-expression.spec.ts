import type { EvaluationContext, Expression } from '../expression.js';
import type { Json, Variables } from '../json.js';
import { compileExpression } from './compile-expression.js';

const at = Date.UTC(2026, 0, 5, 9);

function compiled(source: string): Expression {
  const reading = compileExpression(source);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.value;
}
const evaluate = (source: string, variables: Variables = {}, more: Partial<EvaluationContext> = {}) =>
  compiled(source).evaluate({ at, seed: 'seed', variables, ...more });
function value(source: string, variables: Variables = {}, more: Partial<EvaluationContext> = {}): Json {
  const result = evaluate(source, variables, more);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}
function reason(source: string, variables: Variables = {}): string {
  const result = evaluate(source, variables);
  if (result.ok) throw new Error(`Expected a failure, and got ${JSON.stringify(result.value)}.`);
  return result.reason;
}
function refusal(source: string): string {
  const reading = compileExpression(source);
  if (reading.ok) throw new Error('Expected that the expression is refused.');
  return reading.reason;
}

describe('compileExpression', () => {
  it.each<[string, Variables, Json]>([
    ['amount > 100 and vip', { amount: 200, vip: true }, true],
    ['missing > 3', {}, null],
    ['missing = null', {}, true],
    ['if vip then "gold" else "none"', { vip: false }, 'none'],
    ['for i in 1..3 return i * 2', {}, [2, 4, 6]],
    [
      'orders[amount > 10].id',
      {
        orders: [
          { id: 'a', amount: 5 },
          { id: 'b', amount: 20 },
        ],
      },
      ['b'],
    ],
    ['some order in orders satisfies order > 1', { orders: [1, 2] }, true],
    ['sort([3, 1, 2], function(x, y) x < y)', {}, [1, 2, 3]],
    ['{a: 1, b: a + 1}.b', {}, 2],
    ['x in [1..3]', { x: 2 }, true],
    ['string length(name)', { name: 'four' }, 4],
    ['total-discount', { total: 5, discount: 2 }, 3],
    ['date("2026-01-31") + duration("P1D")', {}, '2026-02-01'],
  ])('evaluates %s', (source, variables, expected) => {
    expect(value(source, variables)).toEqual(expected);
  });

  it('takes the time from the context', () => {
    expect([value('now()'), value('today()')]).toEqual(['2026-01-05T09:00:00Z', '2026-01-05']);
  });

  it('tells what must be asked first, and reads the answers', () => {
    const source = 'segment("vip") and user.tier = "gold" and segment("vip")';
    expect(compiled(source).needs).toEqual({ profile: true, segments: ['vip'] });
    expect(value(source, { user: 'a variable' }, { user: { tier: 'gold' }, segments: { vip: true } })).toBe(true);
  });

  it('prefers locals to variables', () => {
    expect(value('result.total', { result: 1 }, { locals: { result: { total: 3 } } })).toBe(3);
  });

  it('keeps a variable apart from the built-in function of its name', () => {
    expect(value('count > 2 and count(list) = 1', { count: 3, list: [0] })).toBe(true);
  });

  it('evaluates again and again, each time from the start', () => {
    const expression = compiled('amount + 1');
    const results = [1, 2, 'x'].map((amount) => expression.evaluate({ at, seed: '', variables: { amount } }));
    expect(results).toEqual([
      { ok: true, value: 2 },
      { ok: true, value: 3 },
      { ok: true, value: null },
    ]);
  });

  it('reads variables whose names are properties of every object', () => {
    expect(value('constructor', {})).toBeNull();
    expect(value('constructor + 1', JSON.parse('{"constructor": 1, "__proto__": 2}') as Variables)).toBe(2);
    expect(value('__proto__ + __proto__.x', JSON.parse('{"__proto__": 2}') as Variables)).toBeNull();
    expect(value('__proto__ + 1', JSON.parse('{"__proto__": 2}') as Variables)).toBe(3);
    expect(value('__proto__', {})).toBeNull();
  });

  it('reads variables whose names are in any script', () => {
    expect(value('订单 + é', { 订单: 1, é: 2 })).toBe(3);
  });

  it.each([
    ['x.constructor', null],
    ['segment.fn', null],
    ['count.prototype', null],
    ['{__proto__: {vip: true}}.vip', null],
  ])('hands out nothing of the host through %s', (source, expected) => {
    expect(value(source, { x: {} })).toBe(expected);
  });

  it.each([
    ['1 +', 'it is not understood at its end'],
    ['amount > ) 2', 'it is not understood at ") 2"'],
    ['frobnicate(1)', 'there is no function frobnicate(...)'],
    ['segment(name)', 'segment(...) needs the name of a segment in quotes'],
    ['bounds_each(1)', 'the name bounds_each is reserved'],
    [`${'('.repeat(40)}1${')'.repeat(40)}`, 'its brackets are nested deeper than 30 levels'],
    ['a '.repeat(100), 'has more than 100 characters'],
    ['', 'The expression is empty.'],
    ['x'.repeat(5_001), 'The expression has 5001 characters, more than 5000.'],
  ])('refuses %s', (source, expected) => {
    expect(refusal(source)).toContain(expected);
  });

  it.each([
    ['function(x) x', 'The result is a function'],
    ['[1..3]', 'The result is a range'],
    ['10 ** 400', 'not finite'],
    ['for i in 1..100000000 return i', 'more steps than allowed'],
    ['for i in 1..2000 return for j in 1..2000 return i', 'more steps than allowed'],
    ['list[count(list[count(list[item > 0]) > 0]) > 0]', 'more steps than allowed'],
    ['{f: function(f, n) if n = 0 then 1 else f(f, n - 1) + f(f, n - 1), r: f(f, 40)}.r', 'more steps than allowed'],
    ['(function(f) f(f))(function(f) f(f))', 'nested too deeply'],
    [doubling('[1, 1]', (name) => `[${name}, ${name}]`), 'larger than allowed'],
    [doubling('[1, 1]', (name) => `concatenate(${name}, ${name})`), 'than allowed'],
    [doubling('"xxxxxxxx"', (name) => `${name} + ${name}`), 'than allowed'],
    ['some x in 1..10000000 satisfies x < 0', 'more steps than allowed'],
    ['every x in 1..2000, y in 1..2000, z in 1..2000 satisfies x + y + z > 0', 'more steps than allowed'],
    ['for i in 1..90000 return matches("a", "(a?){300}" + string(i))', 'more steps than allowed'],
    ['string join(for i in 1..20000 return text, text)', 'more steps than allowed'],
    ['replace(text, "(?=a)", "b")', 'it is no regular expression, or has lookaround or back references'],
    ['matches(text, "(a)\\\\1")', 'it is no regular expression, or has lookaround or back references'],
    ['matches(text, "(")', 'it is no regular expression'],
    ['matches(text, "a{1000}b{1000}")', 'add up to more than 1000'],
  ])('gives up on %s', (source, expected) => {
    const variables = { text: `${'a'.repeat(60)}b`, list: Array.from({ length: 1_000 }, (_, index) => index) };
    expect(reason(source, variables)).toContain(expected);
  });

  it('searches by harmless patterns', () => {
    expect(value('matches(email, "^[^@ ]+@[^@ ]+\\.[a-z]{2,}$")', { email: 'ada@example.com' })).toBe(true);
    expect(value('split("a, b", ",\\s*")')).toEqual(['a', 'b']);
    expect(value('replace("2026-01", "(\\d+)-(\\d+)", "$2/$1")')).toBe('01/2026');
  });
});

/** A context whose entries each double the one before. */
function doubling(first: string, twice: (name: string) => string): string {
  const entries = Array.from({ length: 40 }, (_, index) => `a${index + 1}: ${twice(`a${index}`)}`);
  return `{a0: ${first}, ${entries.join(', ')}}.a40`;
}
