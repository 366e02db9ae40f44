import { searchText } from '../runner/searchable-variables.js';

/** What instances are looked for by; all that is given must be met. */
export interface InstanceFilter {
  readonly workflow?: string;
  readonly version?: number;
  /** Any version but this one. */
  readonly exceptVersion?: number;
  readonly status?: string;
  readonly userId?: string;
  readonly businessKey?: string;
  readonly element?: string;
  readonly incident?: boolean;
  readonly suspended?: boolean;
  /** RFC 3339 times; the second one excluded. */
  readonly startedFrom?: string;
  readonly startedTo?: string;
  readonly instanceIds?: readonly string[];
  /** `name=value` of variables that the process declares searchable. */
  readonly variables?: readonly string[];
}

/**
 * The filter as conditions over `instance i`; each has an index that it can begin with, beside that by id, in which pages are read.
 * @param values of the statement; those of the conditions are added to them
 */
export function instanceConditions(filter: InstanceFilter, values: unknown[]): string[] {
  const conditions: string[] = [];
  const require = (condition: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  require((parameter) => `i.workflow_key = ${parameter}`, filter.workflow);
  require((parameter) => `i.version = ${parameter}`, filter.version);
  require((parameter) => `i.version <> ${parameter}`, filter.exceptVersion);
  require((parameter) => `i.status = ${parameter}`, filter.status);
  require((parameter) => `i.subject_id = ${parameter}`, filter.userId);
  require((parameter) => `i.business_key = ${parameter}`, filter.businessKey);
  require((parameter) => `i.waiting_at @> ARRAY[${parameter}]::text[]`, filter.element);
  require((parameter) => `i.started_at >= ${parameter}::timestamptz`, filter.startedFrom);
  require((parameter) => `i.started_at < ${parameter}::timestamptz`, filter.startedTo);
  require((parameter) => `i.id = ANY(${parameter}::uuid[])`, filter.instanceIds);
  for (const variable of filter.variables ?? []) {
    const end = variable.indexOf('=');
    values.push(variable.slice(0, end), searchText(variable.slice(end + 1)));
    const [name, value] = [`$${values.length - 1}`, `$${values.length}`];
    conditions.push(`i.id IN (SELECT instance_id FROM instance_variable WHERE name = ${name} AND value = ${value})`);
  }
  if (filter.incident !== undefined) conditions.push(`i.open_incidents ${filter.incident ? '>' : '='} 0`);
  if (filter.suspended !== undefined) conditions.push(`i.suspended_at IS ${filter.suspended ? 'NOT ' : ''}NULL`);
  return conditions;
}
