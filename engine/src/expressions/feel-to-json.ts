import { FeelDate, FeelDateTime, FeelDuration, FeelTime, isFunction, isRange } from 'feelin';
import type { Json } from '../json.js';

/** Values a result may consist of: more is a mistake, or an attack on the store. */
const maxValues = 100_000;
/** Characters of all texts together: as many as the state of an instance may have. */
const maxCharacters = 1_000_000;
const maxDepth = 100;

/**
 * Turns a FEEL value into JSON: dates, times and durations become their ISO 8601 strings.
 * Throws an Error with a whole sentence for what JSON cannot hold: functions, ranges, numbers that are not finite,
 * values of more than 100,000 parts or 1,000,000 characters.
 */
export function feelToJson(value: unknown): Json {
  let left = maxValues;
  let charactersLeft = maxCharacters;
  const convert = (part: unknown, depth: number): Json => {
    left -= 1;
    if (left < 0 || depth > maxDepth)
      throw new Error('The result is larger than 100,000 values or deeper than 100 levels.');
    if (part === null || part === undefined) return null;
    if (typeof part === 'boolean') return part;
    if (typeof part === 'string') {
      charactersLeft -= part.length;
      if (charactersLeft < 0) throw new Error('The result has more than 1,000,000 characters.');
      return part;
    }
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) throw new Error('The result is a number that is not finite.');
      return part === 0 ? 0 : part;
    }
    if (Array.isArray(part)) return part.map((entry) => convert(entry, depth + 1));
    if (
      part instanceof FeelDate ||
      part instanceof FeelTime ||
      part instanceof FeelDateTime ||
      part instanceof FeelDuration
    )
      return part.toString();
    if (isRange(part)) throw new Error('The result is a range, which is no value a variable can hold.');
    if (isFunction(part) || typeof part !== 'object')
      throw new Error('The result is a function, which is no value a variable can hold.');
    return Object.fromEntries(Object.entries(part).map(([name, entry]) => [name, convert(entry, depth + 1)]));
  };
  return convert(value, 0);
}
