import { Duration } from 'luxon';
import { fieldPath } from '../http-problems/json-bounds.js';
import type { ProblemDetail } from '../http-problems/problem-error.js';
import { parseTime } from '../time/parse-time.js';

type Fields = Readonly<Record<string, unknown>>;

export const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'contains', 'exists', 'before', 'after'] as const;
export type Operator = (typeof operators)[number];

const aggregates = ['count', 'sum', 'avg', 'min', 'max', 'daysSinceLast', 'daysSinceFirst'] as const;
const ofProperty: readonly unknown[] = ['sum', 'avg', 'min', 'max'];
const daysSince: readonly unknown[] = ['daysSinceLast', 'daysSinceFirst'];
/** Most values of an `in`. */
const maxListed = 1000;
const longestWindowYears = 100;

/** `{ attribute, operator, value }` */
export function checkAttribute(rule: Fields, field: string, problems: ProblemDetail[]): void {
  checkComparison(rule, field, operators, problems);
}

/** `{ event, aggregate?, of?, where?, window?, operator?, value? }`; without an operator it asks for at least one event. */
export function checkEvent(rule: Fields, field: string, problems: ProblemDetail[]): void {
  const aggregate = rule['aggregate'] ?? 'count';
  if (!aggregates.some((known) => known === aggregate)) {
    problems.push({
      field: fieldPath(field, 'aggregate'),
      message: `The aggregate ${JSON.stringify(aggregate)} is unknown.`,
      remedy: `Send one of ${aggregates.join(', ')}.`,
    });
  }
  const needsProperty = ofProperty.includes(aggregate);
  const of = rule['of'];
  if (needsProperty && !isName(of)) {
    problems.push({
      field: fieldPath(field, 'of'),
      message: `${String(aggregate)} needs the name of the property that is aggregated.`,
      remedy: 'Send it as "of".',
    });
  } else if (!needsProperty && of !== undefined) {
    problems.push({
      field: fieldPath(field, 'of'),
      message: `${String(aggregate)} aggregates no property.`,
      remedy: 'Leave "of" out, or aggregate with sum, avg, min or max.',
    });
  }
  if (rule['window'] !== undefined) checkWindow(rule['window'], fieldPath(field, 'window'), problems);
  if (rule['where'] !== undefined) checkWhere(rule['where'], fieldPath(field, 'where'), problems);
  checkAggregateComparison(rule, aggregate, field, problems);
}

function checkAggregateComparison(rule: Fields, aggregate: unknown, field: string, problems: ProblemDetail[]): void {
  if (rule['operator'] === undefined && rule['value'] === undefined && aggregate === 'count') return;
  const allowed: readonly Operator[] = daysSince.includes(aggregate)
    ? ['gt', 'gte', 'lt', 'lte', 'exists']
    : ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'exists'];
  if (!checkComparison(rule, field, allowed, problems)) return;
  const value = rule['value'];
  const numbers: unknown[] = Array.isArray(value) ? value : [value];
  if (rule['operator'] !== 'exists' && !numbers.every((number) => typeof number === 'number')) {
    problems.push({
      field: fieldPath(field, 'value'),
      message: `${String(aggregate)} is a number, so it is compared with numbers.`,
      remedy: 'Send a number, without quotes.',
    });
  }
}

/** @returns whether it is well-formed */
function checkComparison(
  rule: Fields,
  field: string,
  allowed: readonly Operator[],
  problems: ProblemDetail[],
): boolean {
  const { operator, value } = rule;
  if (!allowed.some((known) => known === operator)) {
    problems.push({
      field: fieldPath(field, 'operator'),
      message:
        operator === undefined
          ? 'The operator is missing.'
          : `The operator ${JSON.stringify(operator)} does not fit here.`,
      remedy: `Send one of ${allowed.join(', ')}.`,
    });
    return false;
  }
  const expected = expectedValue(operator as Operator, value);
  if (expected === null) return true;
  problems.push({
    field: fieldPath(field, 'value'),
    message: value === undefined ? 'The value is missing.' : `The value does not fit the operator ${String(operator)}.`,
    remedy: `Send ${expected}.`,
  });
  return false;
}

/** What the operator wants for a value, or null when it has it. */
function expectedValue(operator: Operator, value: unknown): string | null {
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'contains':
      return isScalar(value) ? null : 'a string of at most 1,000 characters, a number, or true or false';
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return isNumber(value) ? null : 'a number; times are compared with before and after';
    case 'in':
      return Array.isArray(value) && value.length > 0 && value.length <= maxListed && value.every(isScalar)
        ? null
        : `a list of 1 to ${maxListed} strings, numbers or booleans`;
    case 'exists':
      return value === undefined || typeof value === 'boolean' ? null : 'true or false, or leave the value out';
    case 'before':
    case 'after':
      return typeof value === 'string' && parseTime(value) !== null
        ? null
        : 'an RFC 3339 time such as 2026-01-05T09:00:00Z, or a date such as 2026-01-05';
  }
}

function checkWindow(value: unknown, field: string, problems: ProblemDetail[]): void {
  const duration = typeof value === 'string' && value.length <= 100 ? Duration.fromISO(value) : null;
  const parts = duration?.isValid === true ? Object.values(duration.toObject()) : [];
  if (parts.length > 0 && parts.every((part) => part >= 0) && parts.some((part) => part > 0)) {
    if (duration!.as('years') <= longestWindowYears) return;
  }
  problems.push({
    field,
    message: `The window ${JSON.stringify(value)} is no duration between a millisecond and ${longestWindowYears} years.`,
    remedy: 'Send an ISO 8601 duration: P30D is thirty days, PT12H twelve hours.',
  });
}

/** `{ property: value }` is equal to; `{ property: [values] }` is one of; `{ property: { operator, value } }` compares. */
function checkWhere(value: unknown, field: string, problems: ProblemDetail[]): void {
  if (!isObject(value) || Object.keys(value).length > 20) {
    problems.push({
      field,
      message: 'where is an object of at most 20 properties and their values.',
      remedy: 'Send one, such as { "country": "France" }.',
    });
    return;
  }
  for (const [name, wanted] of Object.entries(value)) {
    const at = fieldPath(field, name);
    if (isScalar(wanted)) continue;
    if (Array.isArray(wanted)) {
      checkComparison({ operator: 'in', value: wanted }, at, ['in'], problems);
    } else if (isObject(wanted)) {
      const unknown = Object.keys(wanted).filter((key) => key !== 'operator' && key !== 'value');
      if (unknown.length > 0) {
        problems.push({
          field: at,
          message: `${unknown.join(', ')} is unknown here.`,
          remedy: 'Send operator and value.',
        });
      }
      checkComparison(wanted, at, operators, problems);
    } else {
      problems.push({
        field: at,
        message: 'The property cannot be compared with that.',
        remedy: 'Send a value, a list of values, or { "operator": ..., "value": ... }.',
      });
    }
  }
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 200;
}
function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
function isScalar(value: unknown): boolean {
  return isNumber(value) || typeof value === 'boolean' || (typeof value === 'string' && value.length <= 1000);
}
function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
