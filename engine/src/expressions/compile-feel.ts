import { evaluate, type FeelFunction, FeelRange, isFunction } from 'feelin';
import { Budget, type Meter } from './budget.js';
import { boundedFunction, type FeelBuiltIn } from './built-in-functions.js';
import { abbreviate, type Hook, instrument, type Instrumented, parameterOf, type Surroundings } from './instrument.js';
import type { Reading } from './reading.js';

/** Characters of one expression. */
export const maxSourceLength = 5_000;

/** A FEEL expression (DMN 1.3, chapter 10), parsed once. */
export interface Feel {
  readonly text: string;
  /** Free names that it reads. */
  readonly variables: readonly string[];
  readonly segments: readonly string[];
  /** Whether it reads `?`, the input of a decision table. */
  readonly readsInput: boolean;
  /** The value, which may be one that JSON cannot hold: a date, a range, a function. Throws an Error with a whole sentence. */
  readonly run: (context: FeelContext) => unknown;
}

export interface FeelContext {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null for what is not there. */
  readonly valueOf: (name: string) => unknown;
  readonly segments?: Readonly<Record<string, boolean>>;
  /** What `?` stands for. */
  readonly input?: unknown;
  /** Counts the work; shared where several expressions are to stay within one bound. */
  readonly meter?: Meter;
}

class FeelFailure extends Error {}

/** Short expressions that were compiled last: a diagram is compiled again at every change while it is drawn, and most of the time goes into parsing them. */
const recent = new Map<string, Reading<Feel>>();
const maxRecent = 500;
const maxRecentLength = 200;

/** Compiles FEEL. A missing variable is null; `now()` and `today()` are the context's time in UTC. Running is bounded in work and in the size of values, by counting. */
export function compileFeel(source: string, surroundings?: Surroundings): Reading<Feel> {
  const text = source.trim();
  if (surroundings !== undefined || text.length > maxRecentLength) return compileText(text, surroundings);
  const known = recent.get(text);
  if (known !== undefined) return known;
  const oldest = recent.keys().next();
  if (recent.size >= maxRecent && !oldest.done) recent.delete(oldest.value);
  const reading = compileText(text);
  recent.set(text, reading);
  return reading;
}

function compileText(text: string, surroundings?: Surroundings): Reading<Feel> {
  if (text === '')
    return { ok: false, reason: 'The expression is empty.', remedy: 'Write an expression such as amount > 100.' };
  if (text.length > maxSourceLength)
    return {
      ok: false,
      reason: `The expression has ${text.length} characters, more than ${maxSourceLength}.`,
      remedy: 'Compute parts of it in earlier tasks, and keep their results in variables.',
    };
  if (literal.test(text)) return { ok: true, value: literalFeel(text) };
  const reading = instrument(text, surroundings);
  if (!reading.ok) return reading;
  const instrumented = reading.value;
  const { variables, segments, hooks } = instrumented;
  // At the first run: what is only checked, as a diagram is while it is drawn, need not be able to run.
  let prepared: Prepared | null = null;
  const run = (context: FeelContext): unknown => {
    const { body, warnings } = (prepared ??= prepare(instrumented));
    try {
      return body.invoke(argumentsFor(instrumented, context));
    } catch (error) {
      // Expressions evaluate others by calling functions; the innermost has said it.
      if (error instanceof FeelFailure) throw error;
      const reason =
        error instanceof RangeError
          ? 'it is nested too deeply.'
          : error instanceof Error
            ? error.message
            : String(error);
      throw new FeelFailure(`The expression ${abbreviate(text)} could not be evaluated: ${reason}`);
    } finally {
      // The interpreter collects them for as long as the function lives, which is as long as the definition.
      warnings.length = 0;
    }
  };
  const readsInput = hooks.has('bounds_input');
  return { ok: true, value: Object.freeze({ text, variables, segments, readsInput, run }) };
}

/** Text, numbers and the like mean the same in JSON; decision tables consist of thousands of them, and parsing takes its time. */
const literal = /^(?:"[^"\\\p{Cc}]*"|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?|true|false|null)$/u;

function literalFeel(text: string): Feel {
  const value: unknown = JSON.parse(text);
  return Object.freeze({ text, variables: [], segments: [], readsInput: false, run: () => value });
}

interface Prepared {
  readonly body: FeelFunction;
  readonly warnings: unknown[];
}

/** The expression as the body of a FEEL function of all that it reads, so that running it does not parse. The parser takes its time for every parameter. */
function prepare({ source, functions, hooks, variables }: Instrumented): Prepared {
  const parameters = [...hooks, ...functions.keys(), ...variables.map(parameterOf)];
  const { value, warnings } = evaluate(`function(${parameters.join(', ')}) (${source}\n)`);
  if (!isFunction(value)) throw new Error(`Expected a function, and got something else for ${source}.`);
  return { body: value, warnings };
}

function argumentsFor({ functions, hooks, variables, size }: Instrumented, context: FeelContext): readonly unknown[] {
  const budget = new Budget(size, context.meter);
  budget.spend(10 + size);
  return [
    ...[...hooks].map((hook) => valueOfHook(hook, context, budget)),
    ...[...functions.values()].map(({ name, builtIn }) => boundedFunction(name, builtIn, context.at, budget)),
    ...variables.map((name) => context.valueOf(name) ?? null),
  ];
}

function valueOfHook(hook: Hook, { segments = {}, input = null }: FeelContext, budget: Budget): unknown {
  switch (hook) {
    case 'bounds_each':
      return feelFunction((value) => budget.each(value), 'value');
    case 'bounds_step':
      return feelFunction((value) => budget.step(value), 'value');
    case 'bounds_sized':
      return feelFunction((value) => budget.sized(value), 'value');
    case 'bounds_given':
      return feelFunction((value) => budget.compared(value), 'value');
    case 'bounds_walked':
      return feelFunction((value) => budget.walked(value), 'value');
    case 'bounds_range':
      return feelFunction((start, end) => boundedRange(start, end, budget), 'start', 'end');
    case 'bounds_input':
      return input;
    case 'segment':
      return feelFunction(
        (name) => (typeof name === 'string' && Object.hasOwn(segments, name) ? segments[name] : null),
        'name',
      );
  }
}

function boundedRange(start: unknown, end: unknown, budget: Budget): unknown {
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  return budget.each(new FeelRange({ start, end, 'start included': true, 'end included': true, valueType: 'number' }));
}

/** A function that FEEL can call. */
export function feelFunction(call: (...values: unknown[]) => unknown, ...names: string[]): FeelBuiltIn {
  return Object.assign(call, { $args: names });
}
