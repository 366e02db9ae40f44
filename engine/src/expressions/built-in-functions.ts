import { dateAndTime, evaluate } from 'feelin';
import { isoInstant } from '../timers/iso-instant.js';
import { type Budget, temporalWork } from './budget.js';
import { patternFunctions } from './regular-expression.js';

/** A function of feelin: `$args` names its parameters. */
export type FeelBuiltIn = ((...values: unknown[]) => unknown) & { readonly $args: readonly string[] };

/** The built-in function of this name (DMN 1.3, 10.3.4, and feelin's own), or null. */
export function builtInFunction(name: string): FeelBuiltIn | null {
  const known = builtInFunctions.get(name);
  if (known || !/^[a-z][a-z ]*$/.test(name)) return known ?? null;
  const { value } = evaluate(name);
  if (typeof value !== 'function' || !('$args' in value)) return null;
  builtInFunctions.set(name, value as FeelBuiltIn);
  return value as FeelBuiltIn;
}

/** Those that were looked up: feelin gives them out only one by one. */
const builtInFunctions = new Map<string, FeelBuiltIn>();

/** The function as an expression may call it: deterministic, and within the budget. */
export function boundedFunction(name: string, builtIn: FeelBuiltIn, at: number, budget: Budget): FeelBuiltIn {
  const call = (...values: unknown[]): unknown => {
    budget.given(values);
    assertBounded(name, values, budget);
    const onPattern = patternFunctions.get(name);
    return budget.sized(onPattern ? onPattern(values, budget) : (ofContext(name, at) ?? builtIn(...values)));
  };
  return Object.assign(call, { $args: builtIn.$args });
}

function ofContext(name: string, at: number): unknown {
  if (name === 'now') return dateAndTime(isoInstant(at));
  if (name === 'today') return toDate(dateAndTime(isoInstant(at)));
  return null;
}

const toDate = ((): ((instant: unknown) => unknown) => {
  const { value } = evaluate('function(instant) date(instant)');
  return (instant) => (value as { invoke: (values: readonly unknown[]) => unknown }).invoke([instant]);
})();

/** Functions that do more than to walk once through what they are given. */
function assertBounded(name: string, [first, second, third]: readonly unknown[], budget: Budget): void {
  switch (name) {
    case 'string join':
      if (Array.isArray(first)) budget.spend((first.length * String(second ?? '').length) / 16);
      return;
    case 'string':
    case 'context':
    case 'context put':
    case 'context merge':
    case 'get entries':
      budget.given([first, second, third], entryWork);
      return;
    case 'duration':
    case 'years and months duration':
      budget.spend(durationWork);
      return;
    case 'date':
    case 'date and time':
    case 'day of week':
    case 'day of year':
    case 'month of year':
    case 'now':
    case 'time':
    case 'today':
    case 'week of year':
      budget.spend(temporalWork);
      return;
    case 'distinct values':
    case 'union':
    case 'sort':
      for (const list of [first, second, third]) if (Array.isArray(list)) budget.spend(pairs(name, list));
      return;
  }
}

/** Work of an entry of a context that is written or copied, and of making a duration. */
const entryWork = 4;
const durationWork = 400;

/** Lists and contexts are compared each with each; plain values are not. */
function pairs(name: string, list: readonly unknown[]): number {
  if (name === 'sort') return list.length * Math.ceil(Math.log2(list.length + 1));
  return list.some((value) => typeof value === 'object' && value !== null) ? list.length ** 2 : list.length;
}
