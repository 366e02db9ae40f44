import type { EvaluationContext } from '../expression.js';
import { compileScript } from './compile-script.js';
import { loadSandbox, watchScripts } from './sandbox.js';

beforeAll(loadSandbox);

function run(source: string, context: Partial<EvaluationContext> = {}) {
  const reading = compileScript(source, 'Script');
  if (!reading.ok) throw new Error(reading.reason);
  return reading.value.evaluate({ at: 1_000, seed: 'seed', variables: {}, ...context });
}

describe('compileScript', () => {
  it('is ended by whoever has a clock, where what it counts takes too long', () => {
    let asked = 0;
    watchScripts(() => () => (asked += 1) > 3);
    expect(run('for (;;);')).toMatchObject({
      ok: false,
      reason: 'The script of <Script> failed: it ran for too long.',
    });
    expect(asked).toBe(4);
    asked = -1_000;
    expect(run('return 1')).toEqual({ ok: true, value: 1 });
    watchScripts(null);
  });

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
    ['throw new Error("No stock.")', 'The script of <Script> failed: Error: No stock.'],
    ['return () => 1', 'The script of <Script> failed: TypeError: the result is a function or a promise.'],
    ['return unknown', "The script of <Script> failed: ReferenceError: 'unknown' is not defined."],
    ['while (true);', 'The script of <Script> failed: it ran for too long.'],
    ['return /(a+)+$/.test("a".repeat(40) + "b")', 'The script of <Script> failed: it ran for too long.'],
    [
      'const all = []; while (true) all.push(Array(1000).fill(all.length))',
      'The script of <Script> failed: InternalError: out of memory.',
    ],
    ['return "x".repeat(2e6)', 'The script of <Script> failed: the result has 2000002 characters, more than 1000000.'],
  ])('fails on %s', (source, reason) => {
    expect(run(source)).toMatchObject({ ok: false, reason });
  });

  it('keeps what scripts use every day', () => {
    const source = `
      const list = [3, 1, 2].sort().map((x) => x * 2).concat([7], 8).filter((x) => x > 2);
      const [first, ...rest] = list;
      return [list.join(), first, rest.length, [[1], [[2]]].flat(), [...'ab'], [...new Set([1, 1, 2])], Array.from({ length: 2 }, (_, at) => at),
        'a-b'.split('-'), 'aXa'.replace('X', 'y'), 'a.a'.replace(/\\./g, ''), [1, 2].flatMap((x) => [x, x]), Object.entries({ a: 1 }), [1, 2].includes(2)]`;
    expect(run(source)).toEqual({
      ok: true,
      value: [
        '4,6,7,8',
        4,
        3,
        [1, [2]],
        ['a', 'b'],
        [1, 2],
        [0, 1],
        ['a', 'b'],
        'aya',
        'aa',
        [1, 1, 2, 2],
        [['a', 1]],
        true,
      ],
    });
  });

  it('writes JSON as the standard says', () => {
    const source = `
      const value = { a: [1, , undefined, () => 1, 'x\\n"'], none: undefined, empty: {}, list: [], boxed: new Number(3), not: NaN, nothing: null,
        own: { toJSON(name) { return name; } }, nested: { b: [{ c: true }] } };
      return [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, ['a', 'nested', 'b'], '--'),
        JSON.stringify(value, (name, one) => (name === 'a' ? [one.length] : one)), JSON.stringify('text'), JSON.stringify(undefined) === undefined]`;
    const value = {
      a: [1, undefined, undefined, () => 1, 'x\n"'],
      none: undefined,
      empty: {},
      list: [],
      boxed: 3,
      not: NaN,
      nothing: null,
      own: 'own',
      nested: { b: [{ c: true }] },
    };
    expect(run(source)).toEqual({
      ok: true,
      value: [
        JSON.stringify(value),
        JSON.stringify(value, null, 2),
        JSON.stringify(value, ['a', 'nested', 'b'], '--'),
        JSON.stringify({ ...value, a: [5] }),
        '"text"',
        true,
      ],
    });
  });

  it('has regular expressions with their flags and methods', () => {
    const source = `
      const made = new RegExp('(b)(?<last>c)?', 'gi');
      return ['aBc'.replace(made, '$2$1'), 'bcb'.match(made), [...'abab'.matchAll('b')].length, 'abc'.search('c'), made instanceof RegExp,
        RegExp(/x/u).flags, 'a1b2'.split(/\\d/), /(?<y>a)/.exec('ba').groups.y, made.constructor === RegExp]`;
    expect(run(source)).toEqual({
      ok: true,
      value: ['acB', ['bc', 'b'], 2, 2, true, 'u', ['a', 'b', ''], 'a', true],
    });
  });

  // Each of these kept a built-in function busy for minutes, where nothing could stop it.
  it.each([
    ['return Array.prototype.indexOf.call({ length: 2 ** 40 }, 1)', 'functions of arrays need an array'],
    ['return Array(2 ** 32 - 1).indexOf(1)', 'the array has more than 1000000 elements'],
    ['return Array(2 ** 28).join("").length', 'the array has more than 1000000 elements'],
    ['return [Array(2 ** 32 - 1)].flat().length', 'the array has more than 1000000 elements'],
    ['return [].concat(Array(2 ** 32 - 1)).length', 'the array has more than 1000000 elements'],
    ['return Array.from({ length: 2 ** 40 })', 'the array has more than 1000000 elements'],
    ['return new Set(Array(2 ** 32 - 1)).size', 'it ran for too long'],
    ['return [...Array(2 ** 32 - 1)].length', 'out of memory'],
    ['return "a".repeat(5e6).indexOf("a".repeat(2.5e6) + "b")', 'the text is too long to be searched for this'],
    ['const all = Array.from({ length: 1e6 }, (_, at) => -at); return all.sort((a, b) => a - b)', ''],
    ['const f = () => f(); f()', 'stack overflow'],
    ['let list = []; for (let at = 0; at < 1e5; at += 1) list = [list]; return list', ''],
    ['return (() => 1).constructor("return 1")()', 'not a function'],
    ['return eval("1")', 'not defined'],
    ['for (;;) "x".repeat(1e6)', 'walked through more than 50000000'],
    ['const list = new Array(1000).fill(1); for (;;) JSON.stringify(list)', 'it ran for too long'],
    ['let list = []; for (let at = 0; at < 40; at += 1) list = [list, list]; return JSON.stringify(list)', ''],
    ['let list = []; for (let at = 0; at < 40; at += 1) list = [list, list]; return list', ''],
    ['const one = {}; for (let at = 0; at < 1e5; at += 1) one["k" + at] = undefined; return Array(1e5).fill(one)', ''],
    ['return Array(2 ** 32 - 1)', 'it ran for too long'],
    [
      'let one = {}; for (let at = 0; at < 1e5; at += 1) one = { one }; return JSON.stringify(one)',
      'nested more than 250',
    ],
    ['const one = {}; one.one = one; return one', 'nested more than 250 deep, or contains itself'],
    ['new RegExp("(a?){9999}".repeat(50)); for (;;) new RegExp("[a-z]")', 'walked through more than 50000000'],
    ['new RegExp("(a?){9999}".repeat(500))', 'the pattern has more than 1000 characters'],
    ['for (;;) "a".match("a?")', 'walked through more than 50000000'],
    ['const pattern = /a/; pattern.constructor("a".repeat(2000))', 'the pattern has more than 1000 characters'],
    ['const pattern = /a/; pattern.compile("a")', 'not a function'],
    ['for (;;) "a".repeat(1e6).split(/b/)', 'it ran for too long'],
    ['const text = "1".repeat(1e6); for (;;) parseInt(text)', 'walked through more than 50000000'],
    ['const text = "1".repeat(1e6); for (;;) encodeURIComponent(text)', 'walked through more than 50000000'],
    ['const text = "1".repeat(1e6); for (;;) text.slice(1)', 'walked through more than 50000000'],
    ['const text = "1".repeat(1e6); for (;;) "".localeCompare(text)', 'walked through more than 50000000'],
    [
      'const one = {}; for (let at = 0; at < 1e4; at += 1) one["k" + at] = at; for (;;) Object.keys(one)',
      'walked through',
    ],
    ['const list = Array(1e4).fill(1); for (;;) Math.hypot.apply(null, list)', 'walked through more than 50000000'],
    ['const one = new Set(Array(1e4).keys()); for (;;) [...one]', 'walked through more than 50000000'],
    ['const one = new Map(Array(1e4).entries()); for (;;) new Map(one)', 'walked through more than 50000000'],
    ['return "a\\u0323\\u0307".repeat(5e5).normalize()', 'more than 10000 characters is normalized'],
    ['let list = []; for (let at = 0; at < 40; at += 1) list = [list, list]; throw list', 'failed: Error: .'],
    ['for (;;) { try { "x".repeat(1e6); } catch {} }', 'it ran for too long'],
    ['return Math.max.apply(null, { length: 2 ** 40 })', 'more than 10000 arguments'],
    ['return Reflect.construct(Array, { length: 2 ** 40 })', 'more than 10000 arguments'],
    ['for (;;) JSON.parse("[" + "1,".repeat(1000) + "1]")', 'walked through more than 50000000'],
  ])('stops %s', (source, reason) => {
    expect(run(source)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(run('return 1')).toEqual({ ok: true, value: 1 });
  });

  it('refuses integers of any length, whose arithmetic cannot be stopped', () => {
    expect(compileScript('return (2n ** 1000000n).toString()', 'Script')).toMatchObject({
      ok: false,
      reason: 'The script uses integers of any length, such as 10n.',
    });
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
