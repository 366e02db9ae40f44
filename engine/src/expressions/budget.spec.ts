import fc from 'fast-check';
import type { Json, Variables } from '../json.js';
import { compileExpression } from './compile-expression.js';
import { compileFeel } from './compile-feel.js';

/** Expressions over a variable `items` that look at its elements, nested in each other. */
const { expression } = fc.letrec<{ list: string; scalar: string; expression: string }>((tie) => {
  const list = tie('list');
  const scalar = tie('scalar');
  const of = (write: (...parts: string[]) => string, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((written) => write(...written));
  return {
    list: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant('items'),
      of((a) => `${a}[item > 3]`, list),
      of((a) => `(for x in ${a} return x)`, list),
      of((a) => `reverse(${a})`, list),
      of((a) => `append(${a}, 1)`, list),
      of((a) => `sublist(${a}, 2)`, list),
      of((a) => `flatten([${a}, ${a}])`, list),
      of((a, b) => `concatenate(${a}, ${b})`, list, list),
      of((a) => `distinct values(${a})`, list),
      of((a) => `union(${a}, [1])`, list),
      of((a) => `insert before(${a}, 1, 2)`, list),
      of((a) => `remove(${a}, 1)`, list),
      of((a) => `list replace(${a}, 1, 2)`, list),
      of((a) => `sort(${a}, function(x, y) x > y)`, list),
      of((a) => `{a: ${a}}.a`, list),
      of((a) => `(if true then ${a} else [])`, list),
    ),
    scalar: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...['count', 'sum', 'min', 'max', 'mean', 'median', 'mode', 'stddev', 'product', 'all', 'string', 'not'].map(
        (name) => of((a) => `${name}(${a})`, list),
      ),
      of((a, b) => `(${a} = ${b})`, list, list),
      of((a, b) => `(${a} != ${b})`, list, list),
      of((a) => `list contains(${a}, -1)`, list),
      of((a) => `index of(${a}, -1)`, list),
      of((a) => `(-1 in ${a})`, list),
      of((a) => `(-1 in (${a}))`, list),
      of((a) => `(${a} in (${a}, 3))`, list),
      of((a) => `(${a} between 1 and 2)`, list),
      of((a) => `(${a} instance of list<number>)`, list),
      of((a) => `(some x in ${a} satisfies x = -1)`, list),
      of((a) => `(every x in ${a} satisfies x > -1)`, list),
      of((a) => `${a}.name`, list),
      of((a) => `${a}[-1]`, list),
      of((a) => `string join(${a}, ",")`, list),
    ),
    expression: fc.oneof(
      scalar,
      of((a) => `for i in 1..200 return ${a}`, scalar),
      of((a) => `for i in items return ${a}`, scalar),
      of((a) => `items[${a} = item]`, scalar),
      of((a) => `sort(items, function(x, y) ${a} = x)`, scalar),
      of((a) => `{f: function(x) ${a}, r: for i in 1..200 return f(i)}.r`, scalar),
      of((a) => `for i in 1..200 return [${a}, partial[-1]]`, scalar),
    ),
  };
});

/** A list that counts how often it is asked for an element. */
function watched(length: number): { readonly list: Json; readonly looks: () => number } {
  let looks = 0;
  const list = new Proxy(
    Array.from({ length }, (_, index) => index),
    {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d/.test(name)) looks += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    },
  );
  return { list, looks: () => looks };
}

describe('Budget', () => {
  it('counts whatever an expression looks at', () => {
    fc.assert(
      fc.property(expression, (source) => {
        const { list, looks } = watched(500);
        const reading = compileFeel(source);
        if (!reading.ok) throw new Error(reading.reason);
        const meter = { work: 0, limit: 50_000 };
        try {
          reading.value.run({ at: 0, meter, valueOf: (name) => (name === 'items' ? list : null) });
        } catch (error) {
          expect(String(error)).toContain('than allowed');
        }
        expect(looks()).toBeLessThanOrEqual(10 * meter.work);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  const variables: Variables = {
    items: Array.from({ length: 90_000 }, (_, index) => index),
    objects: Array.from({ length: 20_000 }, (_, a) => ({ a, b: { c: a } })),
    context: Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, index])),
    text: 'ab '.repeat(300_000),
    dates: Array.from({ length: 5_000 }, (_, index) => `2026-01-${10 + (index % 20)}`),
  };
  it.each([
    ['comparing lists', 'for i in 1..1000 return items = items', 'than allowed'],
    ['comparing contexts', 'for i in 1..1000 return context != context', 'than allowed'],
    ['comparing with lists', 'for i in 1..1000 return objects in (objects, items)', 'than allowed'],
    ['asking lists whether they are between', 'for i in 1..1000 return items between 1 and 2', 'than allowed'],
    ['asking for types', 'for i in 1..1000 return items instance of list<number>', 'than allowed'],
    ['properties of elements', 'for i in 1..1000 return objects.b.c', 'than allowed'],
    ['properties that elements do not have', 'for i in 1..1000 return items.x', 'than allowed'],
    ['text that grows', 'for i in 1..1000 return text + "a"', 'than allowed'],
    ['texts that are much together', 'for i in 1..3 return text', 'more than 1,000,000 characters'],
    ['dates', 'for d in dates return week of year(date(d))', 'than allowed'],
    ['durations', 'for i in 1..3000 return date("2026-01-01") + duration("P" + string(i) + "D")', 'than allowed'],
    ['patterns', 'for i in 1..1000 return matches("e", "(?i)\\\\p{L}" + string(i))', 'than allowed'],
    ['copies of contexts', 'for i in 1..100 return context put(context, "a", i)', 'than allowed'],
    ['a range that ends between its steps', 'for i in 0.5..100 return i', 'no whole numbers'],
    ['a range beyond whole numbers', 'for i in 9007199254740992..9007199254740994 return i', 'no whole numbers'],
    ['a list of such a range', 'for i in [0.5..100] return i', 'no whole numbers'],
  ])('ends %s', (_what, source, reason) => {
    const reading = compileExpression(source);
    if (!reading.ok) throw new Error(reading.reason);
    const result = reading.value.evaluate({ at: 0, seed: 'seed', variables });
    expect(result.ok ? 'went on' : result.reason).toContain(reason);
  });

  it('charges for a pattern once, however many texts are searched for it', () => {
    const reading = compileExpression('count(for name in names return matches(name, "(?i)^\\\\p{Lu}+$"))');
    if (!reading.ok) throw new Error(reading.reason);
    const names = Array.from({ length: 500 }, (_, index) => `name${index}`);
    expect(reading.value.evaluate({ at: 0, seed: 'seed', variables: { names } })).toEqual({ ok: true, value: 500 });
  });

  it('refuses signs without end before they are parsed', () => {
    expect(compileExpression(`${'-'.repeat(4_000)}1`)).toMatchObject({ ok: false });
    expect(compileExpression('- - 1').ok).toBe(true);
  });
});
