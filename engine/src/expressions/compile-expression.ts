import { dateAndTime, evaluate, isFunction, parseExpression, type FeelDateTime } from 'feelin';
import type { EvaluationContext, EvaluationResult, Expression, Needs } from '../definition.js';
import { isoInstant } from '../timers/iso-instant.js';
import { feelToJson } from './feel-to-json.js';
import { noNeeds } from './needs.js';
import type { Reading } from './reading.js';

const maxSourceLength = 10_000;

/**
 * Compiles a FEEL expression (DMN 1.3, chapter 10) once; evaluating it does not parse again. Free names are process variables, beside
 * `user` (the profile), `segment("name")` and the built-in functions; `now()` and `today()` are the context's time in UTC.
 */
export function compileExpression(source: string): Reading<Expression> {
  if (source.length > maxSourceLength)
    return {
      ok: false,
      reason: `The expression has ${source.length} characters, more than ${maxSourceLength}.`,
      remedy: 'Compute parts of it in earlier tasks, and keep their results in variables.',
    };
  const names = readNames(source);
  if (!names.ok) return names;
  const { variables, needs } = names.value;
  const parameters = ['segment', 'now', 'today', ...variables];
  const compiled = evaluate(`function(${parameters.join(', ')}) (${source}\n)`);
  const body = compiled.value;
  if (!isFunction(body)) throw new Error(`Expected a function for the expression ${source}.`);
  const warnings = compiled.warnings;

  const run = (context: EvaluationContext): EvaluationResult => {
    try {
      const segments = context.segments ?? {};
      const now = (): FeelDateTime | null => dateAndTime(isoInstant(context.at));
      const today = (): unknown => dateOf(now());
      const value: unknown = body.invoke([
        Object.assign((name: string) => segments[name] ?? null, { $args: ['name'] }),
        Object.assign(now, { $args: [] }),
        Object.assign(today, { $args: [] }),
        ...variables.map((name) => valueOf(name, context)),
      ]);
      return { ok: true, value: feelToJson(value) };
    } catch (error) {
      return failure(source, error instanceof Error ? error.message : String(error));
    } finally {
      warnings.length = 0;
    }
  };
  return { ok: true, value: Object.freeze({ source, needs, evaluate: run }) };
}

const dateFunction = evaluate('function(x) date(x)').value;
function dateOf(instant: unknown): unknown {
  if (!isFunction(dateFunction)) throw new Error('Expected a function.');
  return dateFunction.invoke([instant]);
}

function valueOf(name: string, { variables, user, locals }: EvaluationContext): unknown {
  if (name === 'user' && user !== undefined) return user;
  if (locals && Object.hasOwn(locals, name)) return locals[name];
  return Object.hasOwn(variables, name) ? variables[name] : null;
}

function failure(source: string, message: string): EvaluationResult {
  return {
    ok: false,
    reason: `The expression ${source} could not be evaluated: ${message}`,
    remedy: 'Correct the expression, or the variables it reads.',
  };
}

function readNames(source: string): Reading<{ variables: string[]; needs: Needs }> {
  const variables = new Set<string>();
  const segments = new Set<string>();
  let wrong: string | null = null;
  parseExpression(source, {}, undefined).iterate({
    enter: (node) => {
      if (node.type.isError) wrong ??= source.slice(node.from, node.from + 20) || 'its end';
      if (node.name !== 'VariableName') return;
      const name = source.slice(node.from, node.to).replace(/\s+/g, ' ');
      const call = node.node.parent?.name === 'FunctionInvocation' && node.node.parent.from === node.from;
      if (call && name === 'segment') {
        const argument = node.node.parent?.getChild('PositionalParameters')?.firstChild;
        if (argument?.name === 'StringLiteral') segments.add(source.slice(argument.from + 1, argument.to - 1));
        else wrong ??= 'segment(...)';
      } else if (!call) variables.add(name);
    },
  });
  if (wrong !== null)
    return {
      ok: false,
      reason: `The expression ${source} is no FEEL: at ${wrong}.`,
      remedy: 'Correct the expression.',
    };
  const needs =
    variables.has('user') || segments.size > 0 ? { profile: variables.has('user'), segments: [...segments] } : noNeeds;
  return { ok: true, value: { variables: [...variables], needs } };
}
