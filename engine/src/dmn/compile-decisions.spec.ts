import {
  decide,
  decision,
  decisionOf,
  dmn,
  dmnProblems,
  literal,
  outcome,
  requires,
  requiresInput,
  requiresModel,
  table,
  text,
} from '../../test/dmn.js';

const model = (id: string, parameters: readonly string[], body: string, content = '') =>
  `<businessKnowledgeModel id="${id}" name="${id}"><variable name="${id}" /><encapsulatedLogic>${parameters
    .map((name) => `<formalParameter name="${name}" />`)
    .join('')}${body}</encapsulatedLogic>${content}</businessKnowledgeModel>`;

describe('decisions', () => {
  it('evaluate literal expressions over the variables', async () => {
    expect(await decide(decision('it', literal('price * 1.2')), { price: 10 })).toBe(12);
  });

  it('evaluate what they require first, by name, by id, and each once', async () => {
    const content =
      decision('it', requires('left', 'right') + literal('Left Side + right')) +
      decision('left', requires('base') + literal('base * 2'), 'Left Side') +
      decision('right', requires('base') + literal('base * 3')) +
      decision('base', table('hitPolicy="FIRST"', [{ expression: 'n' }], [{ name: 'x' }], ['> 1 => n', '- => 0']));
    expect(await outcome(content, { n: 2 })).toEqual({
      ok: true,
      value: 10,
      matched: [{ decision: 'base', rules: ['r1'] }],
    });
  });

  it('read input data by name, dates as dates', async () => {
    const content =
      `<inputData id="i1" name="Order Date"><variable name="Order Date" typeRef="date" /></inputData>` +
      decision('it', requiresInput('i1') + literal('Order Date + duration("P1D")'));
    expect(await decide(content, { 'Order Date': '2026-01-31' })).toBe('2026-02-01');
    expect((await decisionOf(dmn(content))).inputs).toEqual(['Order Date']);
  });

  it('call business knowledge models from expressions and by invocation', async () => {
    const models =
      model('taxed', ['net'], literal('net * 1.2')) +
      model('twice', ['x'], literal('taxed(x) * 2'), requiresModel('taxed'));
    expect(await decide(models + decision('it', requiresModel('twice') + literal('twice(10)')))).toBe(24);
    const invocation = `<invocation><literalExpression>${text('twice')}</literalExpression><binding><parameter name="x" />${literal('5')}</binding></invocation>`;
    expect(await decide(models + decision('it', requiresModel('twice') + invocation))).toBe(12);
  });

  it('evaluate contexts, lists and relations', async () => {
    const context = `<context><contextEntry><variable name="net" />${literal('10')}</contextEntry><contextEntry><variable name="gross" />${literal('net * 1.2')}</contextEntry></context>`;
    expect(await decide(decision('it', context))).toEqual({ net: 10, gross: 12 });
    const withResult = context.replace('</context>', `<contextEntry>${literal('gross + 1')}</contextEntry></context>`);
    expect(await decide(decision('it', withResult))).toBe(13);
    expect(await decide(decision('it', `<list>${literal('1')}${literal('"b"')}</list>`))).toEqual([1, 'b']);
    const relation = `<relation><column name="a" /><column name="b" /><row>${literal('1')}${literal('2')}</row></relation>`;
    expect(await decide(decision('it', relation))).toEqual([{ a: 1, b: 2 }]);
  });

  it('read files of other versions of the standard', async () => {
    const old = dmn(decision('it', literal('1'))).replace(
      'https://www.omg.org/spec/DMN/20191111/MODEL/',
      'http://www.omg.org/spec/DMN/20151101/dmn.xsd',
    );
    expect((await decisionOf(old)).id).toBe('it');
  });

  it('survive ids that are names of every object', async () => {
    const content =
      decision('it', requires('__proto__', 'constructor') + literal('base + constructor')) +
      decision('__proto__', literal('1'), 'base') +
      decision('constructor', literal('2'));
    expect(await decide(content)).toBe(3);
  });

  it('refuse cycles, and name them', async () => {
    expect(
      await dmnProblems(dmn(decision('a', requires('b') + literal('b')) + decision('b', requires('a') + literal('a')))),
    ).toEqual([['dmn-requirement', 'a', 'In decision "a" <a>: it requires itself, directly or by others.']]);
    expect(
      await dmnProblems(
        dmn(model('again', ['x'], literal('again(x)'), requiresModel('again')) + decision('it', literal('1'))),
      ),
    ).toEqual([
      [
        'dmn-requirement',
        'again',
        'In business knowledge model "again" <again>: it requires itself, directly or by others.',
      ],
    ]);
  });

  it('tell all mistakes at once', async () => {
    const xml = dmn(
      decision('a', requires('gone') + literal('1 +')) +
        decision('b', '') +
        decision('c', `<literalExpression expressionLanguage="juel">${text('x')}</literalExpression>`) +
        decision('d', literal('shout(1)')) +
        decision('e', literal('segment("vip")')),
    );
    expect(await dmnProblems(xml)).toEqual([
      ['dmn-requirement', 'a', 'In decision "a" <a>: it requires <#gone>, which is not in the file.'],
      [
        'dmn-expression',
        'a',
        'In decision "a" <a>: the expression has a mistake. The expression 1 + cannot be used: it is not understood at its end.',
      ],
      ['dmn-logic', 'b', 'In decision "b" <b>: there is no decision logic.'],
      ['dmn-logic', 'c', 'In decision "c" <c>: the expression is written in juel.'],
      [
        'dmn-expression',
        'd',
        'In decision "d" <d>: the expression has a mistake. The expression shout(1) cannot be used: there is no function shout(...).',
      ],
      ['dmn-logic', 'e', 'In decision "e" <e>: the expression asks for a segment.'],
    ]);
  });

  it.each([
    ['an empty file', ''],
    ['other XML', '<html/>'],
    ['a process', '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" />'],
    ['entities', '<!DOCTYPE a [<!ENTITY b "c">]><definitions/>'],
    ['no decisions', dmn('')],
  ])('refuse %s', async (_what, xml) => {
    const problems = await dmnProblems(xml);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('go a long way of requirements without running out of stack', async () => {
    const chain = Array.from({ length: 3_000 }, (_, at) =>
      decision(`d${at + 1}`, requires(`d${at}`) + literal(`d${at} + 1`)),
    );
    expect(
      await decide(
        decision('d0', literal('0')) + chain.join('') + decision('it', requires('d3000') + literal('d3000')),
      ),
    ).toBe(3_000);
  });

  it('stop functions that call each other without end', async () => {
    const content = model('f', ['g'], literal('g(g)')) + decision('it', requiresModel('f') + literal('f(f)'));
    expect((await outcome(content)).ok).toBe(false);
  });
});
