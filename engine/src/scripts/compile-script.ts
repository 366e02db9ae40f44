import type { EvaluationContext, EvaluationResult, Template } from '../expression.js';
import type { Json } from '../json.js';
import { noNeeds } from '../expressions/needs.js';
import type { Reading } from '../expressions/reading.js';
import { stableFraction } from '../stable-fraction.js';
import { boundedBuiltIns } from './bounded-built-ins.js';
import { runInSandbox } from './sandbox.js';

const maxSource = 50_000;
const maxInput = 1_000_000;
const maxResult = 1_000_000;

const remedy =
  'Correct the script: it is the body of a function that reads the variables by their names, and returns the result.';

/**
 * Compiles a script: the body of a JavaScript function (ECMAScript 2023, strict) that reads process variables by name, or in `variables`,
 * and `user` where it says so, and returns a JSON value. No clock, no network; `Math.random` is seeded by instance and element; `now` is
 * the time of the step in milliseconds since 1970. The sandbox must be loaded before.
 */
export function compileScript(source: string, elementId: string): Reading<Template> {
  if (source.length > maxSource)
    return {
      ok: false,
      reason: `The script has ${source.length} characters, more than ${maxSource}.`,
      remedy: 'Write a task handler instead.',
    };
  if (longInteger.test(source))
    return {
      ok: false,
      reason: 'The script uses integers of any length, such as 10n.',
      remedy: 'Use numbers: arithmetic on long integers cannot be stopped.',
    };
  const checked = runInSandbox(`Function(${JSON.stringify(source)}), ''`);
  if (!checked.ok) return { ok: false, reason: `The script is no JavaScript: ${checked.reason}.`, remedy };
  const needs = /\buser\b/.test(source) ? Object.freeze({ profile: true, segments: Object.freeze([]) }) : noNeeds;
  return {
    ok: true,
    value: Object.freeze<Template>({ needs, evaluate: (context) => runScript(source, elementId, context) }),
  };
}

const longInteger = /(?<![\w$.])(?:\d[\d_]*|0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+)n(?![\w$])/;

function runScript(
  source: string,
  elementId: string,
  { at, seed, variables, user, locals }: EvaluationContext,
): EvaluationResult {
  const fail = (reason: string): EvaluationResult => ({
    ok: false,
    reason: `The script of <${elementId}> failed: ${reason}${reason.endsWith('.') ? '' : '.'}`,
    remedy,
  });
  const given = JSON.stringify({ ...variables, ...locals, ...(user === undefined ? {} : { user }) });
  if (given.length > maxInput) return fail(`the variables have ${given.length} characters, more than ${maxInput}`);
  const randomSeed = Math.floor(stableFraction(`${seed}:${elementId}`) * 0x1_0000_0000);
  const result = runInSandbox(program(source, given, randomSeed, at));
  if (!result.ok) return fail(result.reason);
  if (result.text.length > maxResult)
    return fail(`the result has ${result.text.length} characters, more than ${maxResult}`);
  try {
    return { ok: true, value: result.text === '' ? null : (JSON.parse(result.text) as Json) };
  } catch {
    return fail('the result is no JSON');
  }
}

/** What runs in the sandbox: seeded randomness (mulberry32), the variables as globals where JavaScript has no such name, and the script. */
function program(source: string, variables: string, seed: number, at: number): string {
  return `(() => {
  const { parse } = JSON;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  let state = ${seed};
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const variables = parse(${JSON.stringify(variables)});
  globalThis.now = ${at};
  for (const name of Object.keys(variables)) if (!(name in globalThis)) globalThis[name] = variables[name];
  const script = Function('variables', '"use strict";' + ${JSON.stringify(source)});
  const writeJson = ${boundedBuiltIns}
  let result;
  try {
    result = script(variables);
  } catch (error) {
    // What is thrown leaves the sandbox natively, all of it: so no more than its texts.
    const textOf = (one, otherwise) => (typeof one === 'string' ? slice(one, 0, 500) : otherwise);
    if (error === null || typeof error !== 'object') throw textOf(error, error);
    throw { name: textOf(error.name, 'Error'), message: textOf(error.message, '') };
  }
  if (typeof result === 'function' || (result && typeof result.then === 'function')) throw TypeError('the result is a function or a promise');
  return result === undefined ? 'null' : writeJson(result);
})()`;
}
