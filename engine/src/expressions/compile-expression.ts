import { evaluate, type FeelFunction, FeelRange, isFunction } from 'feelin';
import type { EvaluationContext, EvaluationResult, Expression, Needs } from '../definition.js';
import { Budget } from './budget.js';
import { boundedFunction, type FeelBuiltIn } from './built-in-functions.js';
import { feelToJson } from './feel-to-json.js';
import { abbreviate, instrument, type Instrumented } from './instrument.js';
import { noNeeds } from './needs.js';
import type { Reading } from './reading.js';

const maxSourceLength = 5_000;

/**
 * Compiles a FEEL expression (DMN 1.3, chapter 10) once; evaluating it does not parse again. Free names are process variables, beside
 * `user` (the profile, which hides a variable of that name) and `segment("name")`; a variable that is missing is null. `now()` and `today()`
 * are the context's time in UTC. Evaluating is bounded in work and in the size of values, by counting.
 */
export function compileExpression(source: string): Reading<Expression> {
  const text = source.trim();
  if (text === '')
    return { ok: false, reason: 'The expression is empty.', remedy: 'Write an expression such as amount > 100.' };
  if (text.length > maxSourceLength)
    return {
      ok: false,
      reason: `The expression has ${text.length} characters, more than ${maxSourceLength}.`,
      remedy: 'Compute parts of it in earlier tasks, and keep their results in variables.',
    };
  const reading = instrument(text);
  if (!reading.ok) return reading;
  const instrumented = reading.value;
  const { variables, segments } = instrumented;
  const needs: Needs =
    variables.includes('user') || segments.length > 0
      ? Object.freeze({ profile: variables.includes('user'), segments: Object.freeze(segments) })
      : noNeeds;
  const { body, warnings } = prepare(instrumented);

  const run = (context: EvaluationContext): EvaluationResult => {
    try {
      return { ok: true, value: feelToJson(body.invoke(argumentsFor(instrumented, context))) };
    } catch (error) {
      const reason =
        error instanceof RangeError
          ? 'it is nested too deeply.'
          : error instanceof Error
            ? error.message
            : String(error);
      return {
        ok: false,
        reason: `The expression ${abbreviate(text)} could not be evaluated: ${reason}`,
        remedy: 'Correct the expression, or the variables that it reads.',
      };
    } finally {
      // The interpreter collects them for as long as the function lives, which is as long as the definition.
      warnings.length = 0;
    }
  };
  return { ok: true, value: Object.freeze({ source: text, needs, evaluate: run }) };
}

const hooks = ['bounds_each', 'bounds_step', 'bounds_sized', 'bounds_range', 'segment'] as const;

/** The expression as the body of a FEEL function of all that it reads, so that it is parsed only here. */
function prepare({ source, functions, variables }: Instrumented): { body: FeelFunction; warnings: unknown[] } {
  const parameters = [...hooks, ...functions.keys(), ...variables];
  const { value, warnings } = evaluate(`function(${parameters.join(', ')}) (${source}\n)`);
  if (!isFunction(value)) throw new Error(`Expected a function, and got something else for ${source}.`);
  return { body: value, warnings };
}

function argumentsFor({ functions, variables, size }: Instrumented, context: EvaluationContext): readonly unknown[] {
  const budget = new Budget(size);
  const { segments = {} } = context;
  const range = (start: unknown, end: unknown): unknown =>
    typeof start === 'number' && typeof end === 'number'
      ? budget.each(new FeelRange({ start, end, 'start included': true, 'end included': true, valueType: 'number' }))
      : null;
  return [
    feelFunction((value) => budget.each(value), 'value'),
    feelFunction((value) => budget.step(value), 'value'),
    feelFunction((value) => budget.sized(value), 'value'),
    feelFunction(range, 'start', 'end'),
    feelFunction((name) => (typeof name === 'string' && Object.hasOwn(segments, name) ? segments[name] : null), 'name'),
    ...[...functions.values()].map(({ name, builtIn }) => boundedFunction(name, builtIn, context.at, budget)),
    ...variables.map((name) => variableValue(name, context)),
  ];
}

function feelFunction(call: (...values: unknown[]) => unknown, ...names: string[]): FeelBuiltIn {
  return Object.assign(call, { $args: names });
}

function variableValue(name: string, { variables, user, locals }: EvaluationContext): unknown {
  if (name === 'user') return user ?? null;
  if (locals && Object.hasOwn(locals, name)) return locals[name];
  return Object.hasOwn(variables, name) ? variables[name] : null;
}
