import { compile } from '../dist/index.js';
import { compileExpression } from '../dist/expressions/compile-expression.js';
import { processorSeconds } from './measure.js';

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const page = (piece, end = '') => piece.repeat(Math.floor(4_990 / piece.length)) + end;
const doubling = (first, twice) => `{a0: ${first}, ${times(40, (n) => `a${n + 1}: ${twice(`a${n}`)}`).join(', ')}}.a40`;

const variables = {
  big: times(90_000, (n) => n),
  list: times(1_000, (n) => n),
  objects: times(20_000, (a) => ({ a, b: { c: a } })),
  same: times(2_000, () => ({ a: [1, 2, { b: 'x' }] })),
  context: Object.fromEntries(times(30_000, (n) => [`k${n}`, n])),
  text: 'ab '.repeat(300_000),
  dates: times(5_000, (n) => `2026-01-${10 + (n % 20)}`),
};

const expressions = [
  'for i in 1..300, j in 1..300, k in 1..300 return i',
  'every x in big satisfies some y in big satisfies x = y',
  'for i in list return list[item > i]',
  'for i in list return sort(list, function(x, y) x > y)',
  'sort(objects, function(x, y) x.a < y.a)',
  'for i in 1..10000 return count(partial)',
  'for i in 1..1000 return big = big',
  'for i in 1..1000 return same = same',
  'for i in 1..1000 return context = context',
  'for i in 1..1000 return big between 1 and 2',
  'for i in 1..1000 return big instance of list<number>',
  'for i in 1..1000 return objects.b.c',
  'for i in 1..1000 return big.x',
  'for i in 1..1000 return text + "a"',
  'for i in 1..10000 return contains(text, "zzz")',
  'distinct values(same)',
  'union(objects, same)',
  'flatten(objects)',
  'mode(big)',
  'string(objects)',
  'get entries(context)',
  'context(get entries(context))',
  'for i in 1..100 return context put(context, "a", i)',
  'for d in dates return week of year(date(d))',
  'for i in 1..3000 return date("2026-01-01") + duration("P" + string(i) + "D")',
  'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
  'matches(text, "(a{1,30}){1,30}")',
  'for i in 1..1000 return matches("e", "(?i)\\\\p{L}" + string(i))',
  'for i in 1..3000 return matches("a", string(i))',
  'replace(text, "(a|b)*", "$0$0$0$0")',
  'split(text, "")',
  '{f: function(g, x) if x > 0 then g(g, x - 1) + g(g, x - 1) else 1, r: f(f, 30)}.r',
  '{f: function(g, x) g(g, x + 1), r: f(f, 30)}.r',
  doubling('[1, 1]', (name) => `[${name}, ${name}]`),
  doubling('"xxxxxxxx"', (name) => `${name} + ${name}`),
  doubling('{a: 1}', (name) => `context merge([{x: ${name}}, {y: ${name}}])`),
  doubling('"a"', (name) => `string([${name}, ${name}])`),
];

const pages = [
  page('a+', 'a'),
  page('a.', 'a'),
  page('a[1]'),
  page('a '),
  page('-', '1'),
  page('if a then '),
  page(')('),
  `[${page('1,', '1')}]`,
];

const worst = (all) => ({
  count: all.length,
  ...all.reduce((slowest, one) => (one.seconds > slowest.seconds ? one : slowest)),
});

/** The better of two times: the machine learns. */
function secondsOf(work) {
  const seconds = [1, 2].map((time) => {
    const start = processorSeconds();
    work(time);
    return processorSeconds() - start;
  });
  return Math.min(...seconds);
}

/** Of expressions that were made to take long: how many they are, the longest time to evaluate one, and which it is. */
export function worstExpression() {
  return worst(
    expressions.map((source) => {
      const { value } = compileExpression(source);
      return { source, seconds: secondsOf(() => value.evaluate({ at: 0, seed: 'seed', variables })) };
    }),
  );
}

/** The same of pages of text, and of the time to read one. */
export function worstPage() {
  return worst(
    pages.map((source) => ({ source, seconds: secondsOf((time) => compileExpression(source + ' '.repeat(time))) })),
  );
}

const file = (content, globals = '') =>
  `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="http://example.com/bpmn/xflow-extension" id="d" targetNamespace="t">${globals}<bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;
const flows = (count, source, target) =>
  times(count, (n) => `<bpmn:sequenceFlow id="f${n}" sourceRef="${source(n)}" targetRef="${target(n)}" />`).join('');

const files = {
  'a chain of 12,000': () =>
    file(
      times(12_000, (n) => `<bpmn:task id="t${n}" />`).join('') +
        flows(
          11_999,
          (n) => `t${n}`,
          (n) => `t${n + 1}`,
        ),
    ),
  '20,000 flows of one gateway': () =>
    file(
      '<bpmn:exclusiveGateway id="g" /><bpmn:task id="t" />' +
        flows(
          20_000,
          () => 'g',
          () => 't',
        ),
    ),
  'tasks without ids': () => file('<bpmn:task />'.repeat(25_000)),
  '20,000 subprocesses': () =>
    file(times(20_000, (n) => `<bpmn:subProcess id="s${n}"><bpmn:task id="t${n}" /></bpmn:subProcess>`).join('')),
  '12,000 calls of 12,000 global tasks': () =>
    file(
      times(12_000, (n) => `<bpmn:callActivity id="c${n}" calledElement="g${n}" />`).join(''),
      times(12_000, (n) => `<bpmn:globalTask id="g${n}" />`).join(''),
    ),
  '9,000 scripts': () =>
    file(
      times(9_000, (n) => `<bpmn:scriptTask id="c${n}"><bpmn:script>return ${n}</bpmn:script></bpmn:scriptTask>`).join(
        '',
      ),
    ),
  '12,000 tasks with work': () =>
    file(
      times(
        12_000,
        (n) =>
          `<bpmn:serviceTask id="c${n}"><bpmn:extensionElements><xflow:tag add="x" /></bpmn:extensionElements></bpmn:serviceTask>`,
      ).join(''),
    ),
  'wrong conditions': () =>
    file(
      '<bpmn:exclusiveGateway id="g" /><bpmn:task id="t" />' +
        times(
          9_000,
          (n) =>
            `<bpmn:sequenceFlow id="f${n}" sourceRef="g" targetRef="t"><bpmn:conditionExpression>=a&gt;&gt;${n} (</bpmn:conditionExpression></bpmn:sequenceFlow>`,
        ).join(''),
    ),
  'two million characters of extensions': () =>
    file(
      `<bpmn:task id="t"><bpmn:extensionElements>${`<xflow:a>${'<xflow:tag />'.repeat(24_000)}</xflow:a>`.repeat(6)}</bpmn:extensionElements></bpmn:task>`,
    ),
};

/** Of files at the bounds: how many they are, the longest time to compile one, and which it is. */
export async function worstFile() {
  const all = [];
  for (const [source, make] of Object.entries(files)) {
    const xml = make();
    const start = processorSeconds();
    await compile(xml);
    all.push({ source, seconds: processorSeconds() - start });
  }
  return worst(all);
}
