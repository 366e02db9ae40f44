import { evaluate, type FeelFunction, isFunction, isRange, parseUnaryTests } from 'feelin';
import { Budget } from '../expressions/budget.js';
import { compileFeel, type Feel, maxSourceLength } from '../expressions/compile-feel.js';
import { abbreviate, refuseDepth, type Surroundings } from '../expressions/instrument.js';
import type { Reading } from '../expressions/reading.js';
import { type Evaluation, feelContext } from './evaluation.js';

/** The tests of one cell of a decision table, or of allowed values (DMN 1.3, 7.3.13 and 10.3.2.8). */
export interface UnaryTests {
  readonly text: string;
  readonly matches: (value: unknown, evaluation: Evaluation) => boolean;
  /** Index of the first test that the value fits; -1: none. The order of allowed values is their priority. */
  readonly indexOf: (value: unknown, evaluation: Evaluation) => number;
}

type Test = (value: unknown, evaluation: Evaluation) => boolean;
type Tree = ReturnType<typeof parseUnaryTests>;

/** Compiles unary tests. Empty text and `-` fit everything. */
export function compileUnaryTests(source: string, surroundings?: Surroundings): Reading<UnaryTests> {
  const text = source.trim();
  if (text === '' || text === '-')
    return { ok: true, value: Object.freeze({ text, matches: () => true, indexOf: () => 0 }) };
  if (text.length > maxSourceLength)
    return {
      ok: false,
      reason: `The tests have ${text.length} characters, more than ${maxSourceLength}.`,
      remedy: 'Split the rule into several.',
    };
  if (constants.test(text)) return { ok: true, value: constantTests(text) };
  const refused = refuseDepth(text);
  if (refused) return refused;
  const tree = parseUnaryTests(text, {}, undefined);
  if (hasError(tree))
    return {
      ok: false,
      reason: `The tests ${abbreviate(text)} are not understood.`,
      remedy: 'Write unary tests such as "gold", "silver" or < 100 or [1..5] or not("new").',
    };
  const compiled: Test[] = [];
  for (const part of partsOf(tree)) {
    const reading = compileTest(text.slice(part.from, part.to), part.simple, surroundings);
    if (!reading.ok) return reading;
    compiled.push(reading.value);
  }
  const negated = tree.topNode.firstChild?.name === 'not';
  const indexOf = (value: unknown, evaluation: Evaluation): number =>
    compiled.findIndex((test) => test(value, evaluation));
  const matches = (value: unknown, evaluation: Evaluation): boolean => indexOf(value, evaluation) >= 0 !== negated;
  return { ok: true, value: Object.freeze({ text, matches, indexOf }) };
}

/** Most cells are a constant, or some: they are compared without an expression. */
const constant = String.raw`"[^"\\\p{Cc}]*"|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?|true|false`;
const constants = new RegExp(`^(?:${constant})(?:\\s*,\\s*(?:${constant}))*$`, 'u');

function constantTests(text: string): UnaryTests {
  const values = JSON.parse(`[${text}]`) as readonly unknown[];
  const indexOf = (value: unknown): number => values.indexOf(value);
  return Object.freeze({ text, indexOf, matches: (value: unknown) => indexOf(value) >= 0 });
}

interface Part {
  readonly from: number;
  readonly to: number;
  /** The operator at the beginning, as in `< 5`. */
  readonly simple: boolean;
}

function partsOf(tree: Tree): readonly Part[] {
  const list = tree.topNode.getChild('PositiveUnaryTests');
  return (list?.getChildren('PositiveUnaryTest') ?? []).map(({ from, to, firstChild }) => ({
    from,
    to,
    simple: firstChild?.name === 'SimplePositiveUnaryTest' && firstChild.firstChild?.name === 'CompareOp',
  }));
}

function hasError(tree: Tree): boolean {
  let found = false;
  tree.iterate({
    enter: ({ type }) => {
      found ||= type.isError;
    },
  });
  return found;
}

function compileTest(text: string, simple: boolean, surroundings: Surroundings | undefined): Reading<Test> {
  const reading = compileFeel(simple ? `? ${text}` : text, surroundings);
  if (!reading.ok) return reading;
  const feel = reading.value;
  return { ok: true, value: simple ? comparison(feel) : (value, evaluation) => fits(feel, value, evaluation) };
}

function comparison(feel: Feel): Test {
  return (value, evaluation) => feel.run(feelContext(evaluation, value)) === true;
}

/** A test that is an expression: a condition about `?`, a range, a list that contains the value, or the value itself. */
function fits(feel: Feel, value: unknown, evaluation: Evaluation): boolean {
  const result = feel.run(feelContext(evaluation, value));
  if (typeof result === 'boolean') {
    // `true` and `false` are values to compare with, where the input is of their kind; a condition is not.
    return feel.readsInput || typeof value !== 'boolean' ? result : result === value;
  }
  if (isRange(result)) return includes(result, value);
  if (isFunction(result)) throw new Error(`The test ${abbreviate(feel.text)} gave a function, which is no test.`);
  new Budget(1, evaluation.meter).given([value, result]);
  if (equal(value, result)) return true;
  return (
    Array.isArray(result) && result.some((entry) => (isRange(entry) ? includes(entry, value) : equal(value, entry)))
  );
}

/** Feelin compares values of different kinds as JavaScript does. */
function includes(
  range: { readonly start: unknown; readonly end: unknown; includes(value: unknown): boolean | null },
  value: unknown,
): boolean {
  const bound = range.start ?? range.end;
  if (value === null || typeof value !== typeof bound) return false;
  if (typeof value === 'object' && (value as object).constructor !== (bound as object).constructor) return false;
  return range.includes(value) === true;
}

/** FEEL's `=` (DMN 1.3, 10.3.2.13): values of different kinds are not equal. */
export function equal(left: unknown, right: unknown): boolean {
  return equals.invoke([left, right]) === true;
}

const equals = evaluate('function(left, right) (left = right)').value as FeelFunction;
