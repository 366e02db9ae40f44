import { type BpmnElement, elementOf, elementsOf, idOf, textOf } from '../compile/bpmn-element.js';
import type { Feel } from '../expressions/compile-feel.js';
import { type DmnReader, type Place } from './dmn-reader.js';
import { type Evaluation, feelContext, type Logic } from './evaluation.js';
import {
  type Aggregator,
  aggregators,
  applyHitPolicy,
  givesList,
  type Hit,
  type HitPolicy,
  hitPolicies,
} from './hit-policy.js';
import { typedValue } from './typed-value.js';
import type { UnaryTests } from './unary-tests.js';

interface InputClause {
  readonly what: string;
  readonly feel: Feel | null;
  readonly typeRef: string | null;
  readonly allowed: UnaryTests | null;
}

interface OutputClause {
  readonly name: string;
  readonly what: string;
  readonly fallback: Feel | null;
  readonly allowed: UnaryTests | null;
}

interface Rule {
  readonly id: string;
  /** Null: fits everything. */
  readonly tests: readonly (UnaryTests | null)[];
  /** Null: no output. */
  readonly entries: readonly (Feel | null)[];
}

interface Table {
  /** Id of the decision, told with the rules that matched. */
  readonly decision: string;
  readonly policy: HitPolicy;
  readonly aggregator: Aggregator | null;
  readonly inputs: readonly InputClause[];
  readonly outputs: readonly OutputClause[];
  readonly rules: readonly Rule[];
}

/** Compiles a decision table (DMN 1.3, chapter 8). Mistakes are told to the reader. */
export function compileDecisionTable(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const inputs = elementsOf(element, 'input').map((clause, index) => readInput(clause, index, reader, place));
  const outputs = elementsOf(element, 'output').map((clause, index) => readOutput(clause, index, reader, place));
  const table: Table = {
    decision: place.id,
    ...readPolicy(element, outputs, reader, place),
    inputs,
    outputs,
    rules: elementsOf(element, 'rule').map((rule, index) => readRule(rule, index, inputs, outputs, reader, place)),
  };
  checkOutputs(outputs, reader, place);
  return (evaluation) => evaluateTable(table, evaluation);
}

function readInput(clause: BpmnElement, index: number, reader: DmnReader, place: Place): InputClause {
  const what = `input ${index + 1}${quoted(textOf(clause, 'label'))}`;
  const expression = elementOf(clause, 'inputExpression');
  const typeRef = expression && textOf(expression, 'typeRef');
  if (!expression || textOf(expression, 'text') === null)
    reader.tell(
      place,
      `${what} of the table has no expression.`,
      'Write what it looks at, as in order.amount.',
      'dmn-table',
    );
  return {
    what,
    feel: expression && reader.feel(expression, what, place),
    typeRef: reader.baseType(typeRef),
    allowed: reader.allowedValues(elementOf(clause, 'inputValues'), typeRef, `the allowed values of ${what}`, place),
  };
}

function readOutput(clause: BpmnElement, index: number, reader: DmnReader, place: Place): OutputClause {
  const name = textOf(clause, 'name') ?? '';
  const what = `output ${index + 1}${quoted(textOf(clause, 'label') ?? name)}`;
  const fallback = elementOf(clause, 'defaultOutputEntry');
  return {
    name,
    what,
    fallback: fallback && reader.feel(fallback, `the default of ${what}`, place),
    allowed: reader.allowedValues(
      elementOf(clause, 'outputValues'),
      textOf(clause, 'typeRef'),
      `the allowed values of ${what}`,
      place,
    ),
  };
}

function checkOutputs(outputs: readonly OutputClause[], reader: DmnReader, place: Place): void {
  if (outputs.length === 0) reader.tell(place, 'the table has no output.', 'Add an output column.', 'dmn-table');
  const names = new Set<string>();
  for (const { name, what } of outputs) {
    if (outputs.length > 1 && name === '')
      reader.tell(place, `${what} has no name, and the table has several outputs.`, 'Name every output.', 'dmn-table');
    if (name !== '' && names.has(name))
      reader.tell(place, `two outputs have the name "${name}".`, 'Give every output a name of its own.', 'dmn-table');
    names.add(name);
  }
}

function readPolicy(
  element: BpmnElement,
  outputs: readonly OutputClause[],
  reader: DmnReader,
  place: Place,
): Pick<Table, 'policy' | 'aggregator'> {
  const said = textOf(element, 'hitPolicy') ?? 'UNIQUE';
  const policy = hitPolicies.find((known) => known === said);
  const aggregation = textOf(element, 'aggregation');
  const aggregator = aggregators.find((known) => known === aggregation) ?? null;
  const tell = (message: string, remedy: string): void => reader.tell(place, message, remedy, 'dmn-hit-policy');
  if (!policy) tell(`the hit policy ${said} does not exist.`, `Choose one of ${hitPolicies.join(', ')}.`);
  if (aggregation !== null && aggregator === null)
    tell(`the aggregation ${aggregation} does not exist.`, `Choose one of ${aggregators.join(', ')}, or none.`);
  if (aggregator !== null && policy !== 'COLLECT')
    tell(
      `${aggregator} aggregates, and the hit policy is ${said}.`,
      'Choose the hit policy COLLECT, or no aggregation.',
    );
  if (aggregator !== null && aggregator !== 'COUNT' && outputs.length > 1)
    tell(
      `${aggregator} aggregates numbers, and the table has several outputs.`,
      'Make a table of its own for each output.',
    );
  if ((policy === 'PRIORITY' || policy === 'OUTPUT ORDER') && outputs.every(({ allowed }) => allowed === null))
    tell(
      `the hit policy ${policy} goes by the order of the allowed output values, and no output has any.`,
      'List the allowed values of an output, the most important one first.',
    );
  return { policy: policy ?? 'UNIQUE', aggregator };
}

function readRule(
  element: BpmnElement,
  index: number,
  inputs: readonly InputClause[],
  outputs: readonly OutputClause[],
  reader: DmnReader,
  table: Place,
): Rule {
  const id = idOf(element);
  const label = `${table.label}, rule ${index + 1}${id === '' ? '' : ` <${id}>`}`;
  const place: Place = { ...table, id: id === '' ? table.id : id, label };
  const tests = elementsOf(element, 'inputEntry');
  const entries = elementsOf(element, 'outputEntry');
  if (tests.length !== inputs.length || entries.length !== outputs.length)
    reader.tell(
      place,
      `it has ${tests.length} input and ${entries.length} output entries, and the table has ${inputs.length} inputs and ${outputs.length} outputs.`,
      'Give the rule an entry for every column; - fits everything.',
      'dmn-table',
    );
  const compiled = entries.map((entry, column) => {
    const clause = outputs[column];
    const feel = reader.feel(entry, clause?.what ?? `output ${column + 1}`, place);
    if (feel && clause) checkConstant(feel, clause, reader, place);
    return feel;
  });
  return {
    id: id === '' ? String(index + 1) : id,
    tests: tests.map((entry, column) => {
      const tests = reader.tests(entry, inputs[column]?.what ?? `input ${column + 1}`, place);
      return tests?.text === '' || tests?.text === '-' ? null : tests;
    }),
    entries: compiled,
  };
}

/** A constant that is not allowed is a mistake of the table; what is computed is looked at when it is there. */
function checkConstant(feel: Feel, { what, allowed }: OutputClause, reader: DmnReader, place: Place): void {
  if (!allowed || !/^(?:"[^"\\]*"|-?\d+(?:\.\d+)?|true|false)$/.test(feel.text)) return;
  const value: unknown = JSON.parse(feel.text);
  if (!allowed.matches(value, { at: 0, meter: { work: 0, limit: 1_000 }, matched: [], valueOf: () => null }))
    reader.tell(
      place,
      `${what} gives ${feel.text}, which is none of the allowed values ${allowed.text}.`,
      'Correct the entry, or the allowed values.',
      'dmn-table',
    );
}

function evaluateTable(table: Table, evaluation: Evaluation): unknown {
  const { policy, aggregator, inputs, outputs, rules, decision } = table;
  const values = inputs.map((input) => inputValue(input, evaluation));
  const hits: Hit[] = [];
  for (const rule of rules) {
    evaluation.meter.work += 1;
    if (!rule.tests.every((tests, column) => tests === null || tests.matches(values[column], evaluation))) continue;
    hits.push(hitOf(rule, outputs, evaluation));
    if (policy === 'FIRST') break;
  }
  evaluation.matched.push({ decision, rules: hits.map(({ rule }) => rule) });
  const fallback = hits.length > 0 ? null : fallbackOf(outputs, evaluation);
  if (fallback) hits.push(fallback);
  if (hits.length > 0)
    return applyHitPolicy(
      policy,
      aggregator,
      hits,
      (left, right) => compare(left, right, outputs, evaluation),
      evaluation,
    );
  if (aggregator === 'COUNT') return 0;
  return givesList(policy) && aggregator === null ? [] : null;
}

function inputValue({ what, feel, typeRef, allowed }: InputClause, evaluation: Evaluation): unknown {
  const value = typedValue(feel?.run(feelContext(evaluation)) ?? null, typeRef, what);
  if (value !== null && allowed && !allowed.matches(value, evaluation))
    throw new Error(`The value of ${what} is none of the allowed values ${allowed.text}.`);
  return value;
}

function hitOf({ id, entries }: Rule, outputs: readonly OutputClause[], evaluation: Evaluation): Hit {
  const values = entries.map((feel, column) => {
    const value = feel?.run(feelContext(evaluation)) ?? null;
    const clause = outputs[column];
    if (value !== null && clause?.allowed && !clause.allowed.matches(value, evaluation))
      throw new Error(
        `Rule <${id}> gives ${clause.what} a value that is none of the allowed values ${clause.allowed.text}.`,
      );
    return value;
  });
  return { rule: id, values, result: combine(values, outputs) };
}

/** Null: the table has no defaults. */
function fallbackOf(outputs: readonly OutputClause[], evaluation: Evaluation): Hit | null {
  if (outputs.every(({ fallback }) => fallback === null)) return null;
  const values = outputs.map(({ fallback }) => fallback?.run(feelContext(evaluation)) ?? null);
  return { rule: 'default', values, result: combine(values, outputs) };
}

function combine(values: readonly unknown[], outputs: readonly OutputClause[]): unknown {
  if (outputs.length === 1) return values[0];
  return Object.fromEntries(outputs.map(({ name }, column) => [name, values[column] ?? null]));
}

function compare(left: Hit, right: Hit, outputs: readonly OutputClause[], evaluation: Evaluation): number {
  for (const [column, { allowed }] of outputs.entries()) {
    const difference = allowed ? rank(left, column, allowed, evaluation) - rank(right, column, allowed, evaluation) : 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Place in the list of allowed values; what is not in it comes last. */
function rank({ values }: Hit, column: number, allowed: UnaryTests, evaluation: Evaluation): number {
  const index = allowed.indexOf(values[column], evaluation);
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}

function quoted(label: string | null): string {
  return label === null || label === '' ? '' : ` "${label}"`;
}
