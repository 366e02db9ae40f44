import type { Operator } from './check-segment-leaf.js';
import type { SqlParameters } from './sql-parameters.js';

/**
 * Comparisons of a jsonb expression with a value, as SQL that is always true or false, never null and never an error,
 * whatever stands in the data:
 *
 * - with a number: a JSON number, or text that is a decimal number, is compared; anything else is not equal, not greater, not less
 * - with a string: text, and the text of numbers and booleans
 * - `ne` is exactly not `eq`, so that it holds where there is no value at all
 */
export function jsonComparison(json: string, operator: Operator, value: unknown, parameters: SqlParameters): string {
  switch (operator) {
    case 'eq':
      return equals(json, value, parameters);
    case 'ne':
      return `(NOT ${equals(json, value, parameters)})`;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `((${numberOf(json)} ${comparators[operator]} ${parameters.add(String(value), 'numeric')}) IS TRUE)`;
    case 'in':
      return isOneOf(json, value as readonly unknown[], parameters);
    case 'contains':
      return contains(json, value, parameters);
    case 'exists':
      return value === false ? `(coalesce(${json}, 'null') = 'null')` : `(coalesce(${json}, 'null') <> 'null')`;
    case 'before':
      return `((${timeOf(json)} < ${parameters.add(value, 'timestamptz')}) IS TRUE)`;
    case 'after':
      return `((${timeOf(json)} > ${parameters.add(value, 'timestamptz')}) IS TRUE)`;
  }
}

export const comparators = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** SQL for the number that a jsonb expression holds, null where it holds none. */
export function numberOf(json: string): string {
  const text = `(${json} #>> '{}')`;
  return (
    `(CASE jsonb_typeof(${json}) WHEN 'number' THEN (${json})::numeric ` +
    `WHEN 'string' THEN CASE WHEN ${text} ~ '^[+-]?[0-9]{1,30}([.][0-9]{1,30})?$' THEN ${text}::numeric END END)`
  );
}

function textOf(json: string): string {
  return `(CASE WHEN jsonb_typeof(${json}) IN ('string', 'number', 'boolean') THEN ${json} #>> '{}' END)`;
}

function equals(json: string, value: unknown, parameters: SqlParameters): string {
  if (typeof value === 'number') return `((${numberOf(json)} = ${parameters.add(String(value), 'numeric')}) IS TRUE)`;
  return `((${textOf(json)} = ${parameters.add(String(value), 'text')}) IS TRUE)`;
}

function isOneOf(json: string, values: readonly unknown[], parameters: SqlParameters): string {
  const numbers = values.filter((value) => typeof value === 'number').map(String);
  const texts = values.filter((value) => typeof value !== 'number').map(String);
  const ways = [
    ...(numbers.length > 0 ? [`(${numberOf(json)} = ANY (${parameters.add(numbers, 'numeric[]')})) IS TRUE`] : []),
    ...(texts.length > 0 ? [`(${textOf(json)} = ANY (${parameters.add(texts, 'text[]')})) IS TRUE`] : []),
  ];
  return `(${ways.join(' OR ')})`;
}

/** A list has the value as an entry; a text has it as a part. */
function contains(json: string, value: unknown, parameters: SqlParameters): string {
  const entry = `WHEN 'array' THEN ${json} @> ${parameters.add(JSON.stringify([value]), 'jsonb')}`;
  const part =
    typeof value === 'string'
      ? ` WHEN 'string' THEN position(${parameters.add(value, 'text')} in ${json} #>> '{}') > 0`
      : '';
  return `((CASE jsonb_typeof(${json}) ${entry}${part} END) IS TRUE)`;
}

/**
 * SQL for the time that a jsonb expression holds as text, null where it holds none. A cast of text that is no time is an
 * error, so the pattern admits exactly the dates of the calendar (leap years included) before anything is cast.
 */
function timeOf(json: string): string {
  const text = `(${json} #>> '{}')`;
  return (
    `(CASE WHEN jsonb_typeof(${json}) = 'string' AND ${text} ~ '${timePattern}' THEN ` +
    `(CASE WHEN length(${text}) = 10 THEN ${text} || 'T00:00:00Z' ELSE upper(${text}) END)::timestamptz END)`
  );
}

const year = '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})';
const leapYear = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)';
const date =
  `(${year}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))` +
  `|${leapYear}-02-29)`;
const time = '[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?([Zz]|[+-](0[0-9]|1[0-4]):[0-5][0-9])';
const timePattern = `^${date}(${time})?$`;
