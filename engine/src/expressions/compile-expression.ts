import type { EvaluationContext, EvaluationResult, Expression, Needs } from '../expression.js';
import { compileFeel } from './compile-feel.js';
import { feelToJson } from './feel-to-json.js';
import { abbreviate } from './instrument.js';
import { noNeeds } from './needs.js';
import type { Reading } from './reading.js';

/**
 * Compiles a FEEL expression (DMN 1.3, chapter 10) once; evaluating it does not parse again. Free names are process variables, beside
 * `user` (the profile, which hides a variable of that name) and `segment("name")`; a variable that is missing is null. `now()` and `today()`
 * are the context's time in UTC. Evaluating is bounded in work and in the size of values, by counting.
 */
export function compileExpression(source: string): Reading<Expression> {
  const reading = compileFeel(source);
  if (!reading.ok) return reading;
  const { text, variables, segments, run } = reading.value;
  const needs: Needs =
    variables.includes('user') || segments.length > 0
      ? Object.freeze({ profile: variables.includes('user'), segments: Object.freeze(segments) })
      : noNeeds;
  const evaluate = (context: EvaluationContext): EvaluationResult => {
    try {
      const value = run({
        at: context.at,
        valueOf: (name) => variableValue(name, context),
        ...(context.segments ? { segments: context.segments } : {}),
      });
      return { ok: true, value: toJson(value, text) };
    } catch (error) {
      return {
        ok: false,
        reason: error instanceof Error ? error.message : String(error),
        remedy: 'Correct the expression, or the variables that it reads.',
      };
    }
  };
  return { ok: true, value: Object.freeze({ source: text, needs, reads: Object.freeze(variables), evaluate }) };
}

function toJson(value: unknown, text: string) {
  try {
    return feelToJson(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The expression ${abbreviate(text)} could not be evaluated: ${reason}`, { cause: error });
  }
}

function variableValue(name: string, { variables, user, locals }: EvaluationContext): unknown {
  if (name === 'user') return user ?? null;
  if (locals && Object.hasOwn(locals, name)) return locals[name];
  return Object.hasOwn(variables, name) ? variables[name] : null;
}
