import { decide, decision, dmn, dmnProblems, outcome, table } from '../../test/dmn.js';

const amount = { expression: 'amount' };
const bonus = { name: 'bonus' };
const overlapping = ['>= 100 => 10', '>= 50 => 5', '>= 0 => 1'];
const ordered = (policy: string, rules: readonly string[]) =>
  decision(
    'it',
    table(`hitPolicy="${policy}"`, [amount], [{ name: 'level', values: '"high", "medium", "low"' }], rules),
  );
const levels = ['>= 0 => "low"', '>= 100 => "high"', '>= 50 => "medium"'];
const priced = (policy: string, rules = overlapping) => decision('it', table(policy, [amount], [bonus], rules));

describe('hit policies', () => {
  it('UNIQUE gives the one rule that matches', async () => {
    const rules = ['>= 100 => 10', '[50..100) => 5'];
    expect(await decide(priced('', rules), { amount: 70 })).toBe(5);
    expect(await decide(priced('hitPolicy="UNIQUE"', rules), { amount: 100 })).toBe(10);
    expect(await decide(priced('', rules), { amount: 1 })).toBeNull();
  });

  it('UNIQUE fails when several match', async () => {
    expect(await outcome(priced('hitPolicy="UNIQUE"'), { amount: 70 })).toEqual({
      ok: false,
      reason:
        'The decision "it" <it> could not be evaluated. The rules <r2>, <r3> match at once, and the hit policy is UNIQUE: only one may match.',
      remedy: 'Correct the variables that go into the decision, or the decision.',
    });
  });

  it('FIRST gives the first, and looks no further', async () => {
    expect(await decide(priced('hitPolicy="FIRST"'), { amount: 70 })).toBe(5);
    expect(await decide(priced('hitPolicy="FIRST"', ['>= 1 => 1', '>= 1 => 1 + null[1].x.y']), { amount: 70 })).toBe(1);
  });

  it('ANY gives what all agree on, and fails when they do not', async () => {
    expect(await decide(priced('hitPolicy="ANY"', ['>= 1 => 7', '>= 2 => 3 + 4']), { amount: 5 })).toBe(7);
    expect(await outcome(priced('hitPolicy="ANY"'), { amount: 70 })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('The rules <r2>, <r3> match with different outputs, and the hit policy is ANY.'),
    });
  });

  it('PRIORITY gives the output that stands first among the allowed values', async () => {
    expect(await decide(ordered('PRIORITY', levels), { amount: 60 })).toBe('medium');
    expect(await decide(ordered('PRIORITY', levels), { amount: 600 })).toBe('high');
  });

  it('OUTPUT ORDER gives all outputs, sorted by the allowed values', async () => {
    expect(await decide(ordered('OUTPUT ORDER', levels), { amount: 600 })).toEqual(['high', 'medium', 'low']);
    expect(await decide(ordered('OUTPUT ORDER', levels), { amount: -1 })).toEqual([]);
  });

  it('RULE ORDER gives all outputs in the order of the rules', async () => {
    expect(await decide(ordered('RULE ORDER', levels), { amount: 600 })).toEqual(['low', 'high', 'medium']);
  });

  it.each([
    ['', [10, 5, 1], []],
    ['aggregation="SUM"', 16, null],
    ['aggregation="MIN"', 1, null],
    ['aggregation="MAX"', 10, null],
    ['aggregation="COUNT"', 3, 0],
  ])('COLLECT %s gathers', async (aggregation, all, none) => {
    expect(await decide(priced(`hitPolicy="COLLECT" ${aggregation}`), { amount: 100 })).toEqual(all);
    expect(await decide(priced(`hitPolicy="COLLECT" ${aggregation}`), { amount: -1 })).toEqual(none);
  });

  it('COLLECT with an aggregator needs numbers', async () => {
    expect(await outcome(priced('hitPolicy="COLLECT" aggregation="SUM"', ['- => "ten"']))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('The outputs are to be aggregated by SUM, and not all of them are numbers.'),
    });
  });
});

describe('decision tables', () => {
  it('give an object where there are several outputs', async () => {
    const content = decision(
      'it',
      table('', [amount], [{ name: 'tier' }, { name: 'points' }], ['> 10 => "gold" | amount * 2']),
    );
    expect(await decide(content, { amount: 11 })).toEqual({ tier: 'gold', points: 22 });
  });

  it('sort by several outputs from left to right', async () => {
    const content = decision(
      'it',
      table(
        'hitPolicy="PRIORITY"',
        [amount],
        [
          { name: 'a', values: '1, 2' },
          { name: 'b', values: '"x", "y"' },
        ],
        ['- => 2 | "x"', '- => 1 | "y"', '- => 1 | "x"'],
      ),
    );
    expect(await decide(content)).toEqual({ a: 1, b: 'x' });
  });

  it('give the defaults where no rule matches', async () => {
    const outputs = [{ name: 'tier', fallback: '"basic"' }, { name: 'points' }];
    const content = (policy: string) => decision('it', table(policy, [amount], outputs, ['> 10 => "gold" | 5']));
    expect(await decide(content(''), { amount: 1 })).toEqual({ tier: 'basic', points: null });
    expect(await decide(content('hitPolicy="COLLECT"'), { amount: 1 })).toEqual([{ tier: 'basic', points: null }]);
  });

  it('refuse inputs and outputs that are not allowed', async () => {
    const content = decision(
      'it',
      table(
        '',
        [{ expression: 'tier', values: '"gold", "basic"' }],
        [{ name: 'out', values: '[1..5]' }],
        ['- => 2 + extra'],
      ),
    );
    expect(await decide(content, { tier: 'gold', extra: 3 })).toBe(5);
    expect(await outcome(content, { tier: 'silver', extra: 3 })).toMatchObject({
      reason: expect.stringContaining('The value of input 1 is none of the allowed values "gold", "basic".'),
    });
    expect(await outcome(content, { tier: 'gold', extra: 4 })).toMatchObject({
      reason: expect.stringContaining(
        'Rule <r1> gives output 1 "out" a value that is none of the allowed values [1..5].',
      ),
    });
  });

  it('read dates from text where the input says so', async () => {
    const content = decision(
      'it',
      table(
        '',
        [{ expression: 'since', typeRef: 'date' }],
        [bonus],
        ['< date("2026-01-01") => "old"', '>= date("2026-01-01") => "new"'],
      ),
    );
    expect(await decide(content, { since: '2025-12-31' })).toBe('old');
    expect(await decide(content, { since: '2026-01-01' })).toBe('new');
    expect(await outcome(content, { since: 'yesterday' })).toMatchObject({
      reason: expect.stringContaining('input 1 is to be of type date, and "yesterday" is not.'),
    });
  });

  it('tell which rules matched', async () => {
    expect(await outcome(priced('hitPolicy="RULE ORDER"'), { amount: 60 })).toMatchObject({
      matched: [{ decision: 'it', rules: ['r2', 'r3'] }],
    });
  });

  it('know now and today from the time of the step', async () => {
    expect(await decide(priced('', ['- => today()']))).toBe('2026-01-05');
  });

  it('stop at the bound of work, all rules together', async () => {
    const rules = Array.from({ length: 50 }, () => '- => count(for x in 1..90000 return x)');
    expect(await outcome(priced('hitPolicy="COLLECT"', rules))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('it takes more steps than allowed.'),
    });
  });

  it('tell all mistakes at once', async () => {
    const bad = table(
      'hitPolicy="PRIORITY" aggregation="SUM"',
      [{ expression: '' }, amount],
      [{ name: 'a' }, { name: 'a' }, {}],
      ['> => 1 | 2 | 3', '- | 1 => "x" | 1 +'],
    );
    expect(await dmnProblems(dmn(decision('it', bad, 'Discount')))).toEqual([
      ['dmn-table', 'it', 'In decision "Discount" <it>: input 1 of the table has no expression.'],
      ['dmn-hit-policy', 'it', 'In decision "Discount" <it>: SUM aggregates, and the hit policy is PRIORITY.'],
      [
        'dmn-hit-policy',
        'it',
        'In decision "Discount" <it>: SUM aggregates numbers, and the table has several outputs.',
      ],
      [
        'dmn-hit-policy',
        'it',
        'In decision "Discount" <it>: the hit policy PRIORITY goes by the order of the allowed output values, and no output has any.',
      ],
      [
        'dmn-table',
        'r1',
        'In decision "Discount" <it>, rule 1 <r1>: it has 1 input and 3 output entries, and the table has 2 inputs and 3 outputs.',
      ],
      [
        'dmn-expression',
        'r1',
        'In decision "Discount" <it>, rule 1 <r1>: input 1 has a mistake. The tests > are not understood.',
      ],
      [
        'dmn-table',
        'r2',
        'In decision "Discount" <it>, rule 2 <r2>: it has 2 input and 2 output entries, and the table has 2 inputs and 3 outputs.',
      ],
      [
        'dmn-expression',
        'r2',
        'In decision "Discount" <it>, rule 2 <r2>: output 2 "a" has a mistake. The expression 1 + cannot be used: it is not understood at its end.',
      ],
      ['dmn-table', 'it', 'In decision "Discount" <it>: two outputs have the name "a".'],
      ['dmn-table', 'it', 'In decision "Discount" <it>: output 3 has no name, and the table has several outputs.'],
    ]);
  });

  it('refuse constants that are not allowed before they run', async () => {
    expect(
      await dmnProblems(
        dmn(decision('it', table('', [amount], [{ name: 'tier', values: '"gold", "basic"' }], ['1 => "silver"']))),
      ),
    ).toEqual([
      [
        'dmn-table',
        'r1',
        'In decision "it" <it>, rule 1 <r1>: output 1 "tier" gives "silver", which is none of the allowed values "gold", "basic".',
      ],
    ]);
  });
});
