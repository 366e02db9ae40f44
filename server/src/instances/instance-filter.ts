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
  /** RFC 3339 times; each second one excluded. */
  readonly startedFrom?: string;
  readonly startedTo?: string;
  readonly endedFrom?: string;
  readonly endedTo?: string;
  /** Those that this instance called. */
  readonly parentInstanceId?: string;
  readonly instanceIds?: readonly string[];
  /** `name=value` of variables that the process declares searchable. */
  readonly variables?: readonly string[];
}

/** The filter as SQL over `instance i`. */
export interface InstanceConditions {
  /**
   * The instances that an index leads to, in the order of their ids, as a statement.
   * @param columns of `i`
   * @param bound condition on the id that is passed to it
   * @param rest LIMIT and OFFSET
   */
  read(columns: string, order: 'ASC' | 'DESC', bound: (id: string) => string, rest: string): string;
  /** What is looked at of each of these: so that a search reads no more than a bounded number of them at a time. */
  readonly others: readonly string[];
}

/**
 * How long after its id was made an instance may have started, in SQL: ids begin with the time at which a start was asked for, and requests wait for
 * their batch, though not for long.
 */
const slack = `interval '1 hour'`;

/** The lowest id of a time (RFC 9562, 5.7: a UUID of version 7 begins with 48 bits of milliseconds), in SQL. */
export const lowestIdAt = (time: string): string =>
  `(lpad(to_hex(greatest(0, ceil(extract(epoch FROM ${time}) * 1000)::bigint)), 12, '0') || '00000000000000000000')::uuid`;

/** @param text `name=value` @param given makes a parameter of a value */
export function variableCondition(text: string, given: (value: unknown) => string): string {
  const end = text.indexOf('=');
  return `name = ${given(text.slice(0, end))} AND value = ${given(searchText(text.slice(end + 1)))}`;
}

/** The first of the variables is the one that an index leads to. @param values of the statement; those of the conditions are added to them */
export function instanceConditions(filter: InstanceFilter, values: unknown[]): InstanceConditions {
  const indexed: string[] = [];
  const others: string[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const add = (list: string[], condition: (parameter: string) => string, value: unknown): void => {
    if (value !== undefined) list.push(condition(given(value)));
  };
  // Tokens rest nowhere in an instance that has ended.
  const status = filter.element === undefined ? filter.status : (filter.status ?? 'active');
  const ofWorkflow = filter.workflow !== undefined;
  add(indexed, (parameter) => `i.workflow_key = ${parameter}`, filter.workflow);
  add(ofWorkflow ? indexed : others, (parameter) => `i.status = ${parameter}`, status);
  const ofVersion = ofWorkflow && status === 'active';
  add(ofVersion ? indexed : others, (parameter) => `i.version = ${parameter}`, filter.version);
  add(others, (parameter) => `i.version <> ${parameter}`, filter.exceptVersion);
  add(indexed, (parameter) => `i.subject_id = ${parameter}`, filter.userId);
  add(indexed, (parameter) => `i.business_key = ${parameter}`, filter.businessKey);
  add(others, (parameter) => `i.waiting_at @> ARRAY[${parameter}]::text[]`, filter.element);
  const time = (parameter: string): string => `${parameter}::timestamptz`;
  for (const [parameter, operator] of [
    [filter.startedFrom, '>='],
    [filter.startedTo, '<'],
  ] as const) {
    if (parameter === undefined) continue;
    const at = time(given(parameter));
    others.push(`i.started_at ${operator} ${at}`);
    indexed.push(`i.id ${operator} ${lowestIdAt(operator === '<' ? at : `${at} - ${slack}`)}`);
  }
  add(indexed, (parameter) => `i.ended_at >= ${time(parameter)}`, filter.endedFrom);
  // What ended before a time was started before it.
  add(
    indexed,
    (parameter) => `i.ended_at < ${time(parameter)} AND i.id < ${lowestIdAt(time(parameter))}`,
    filter.endedTo,
  );
  add(
    indexed,
    (parameter) =>
      `i.parent_instance_id = ${parameter}::uuid AND i.subject_id = (SELECT subject_id FROM instance WHERE id = ${parameter}::uuid)`,
    filter.parentInstanceId,
  );
  add(indexed, (parameter) => `i.id = ANY(${parameter}::uuid[])`, filter.instanceIds);
  const { userId, businessKey, parentInstanceId, instanceIds } = filter;
  const isNarrow = [userId, businessKey, parentInstanceId, instanceIds].some((value) => value !== undefined);
  let variable: string | null = null;
  for (const text of filter.variables ?? []) {
    const condition = variableCondition(text, given);
    if (variable === null && !isNarrow) variable = condition;
    else
      others.push(
        `EXISTS (SELECT FROM instance_variable WHERE subject_id = i.subject_id AND instance_id = i.id AND ${condition})`,
      );
  }
  // Where nothing is counted, nothing is looked for.
  if (filter.element !== undefined || (ofWorkflow && filter.version !== undefined)) {
    const counted = [`element_id = ${given(filter.element ?? '')}`];
    add(counted, (parameter) => `workflow_key = ${parameter}`, filter.workflow);
    add(counted, (parameter) => `version = ${parameter}`, filter.version);
    if (filter.element === undefined) add(counted, (parameter) => `status = ${parameter}`, filter.status);
    indexed.push(
      `(SELECT coalesce(sum(instances), 0) > 0 FROM (SELECT * FROM instance_count UNION ALL SELECT * FROM instance_count_change) AS c WHERE ${counted.join(' AND ')})`,
    );
  }
  if (filter.incident !== undefined)
    (filter.incident ? indexed : others).push(`i.open_incidents ${filter.incident ? '>' : '='} 0`);
  if (filter.suspended !== undefined)
    (filter.suspended ? indexed : others).push(`i.suspended_at IS ${filter.suspended ? 'NOT ' : ''}NULL`);
  if (variable !== null)
    return {
      read: (columns, order, bound, rest) =>
        `SELECT ${columns} FROM (
           SELECT subject_id, instance_id FROM instance_variable WHERE ${variable} AND ${bound('instance_id')}
           ORDER BY instance_id ${order} ${rest}
         ) AS v JOIN instance i ON i.subject_id = v.subject_id AND i.id = v.instance_id ORDER BY v.instance_id ${order}`,
      others: [...indexed, ...others],
    };
  return {
    read: (columns, order, bound, rest) =>
      `SELECT ${columns} FROM instance i WHERE ${[...indexed, bound('i.id')].join(' AND ')} ORDER BY i.id ${order} ${rest}`,
    others,
  };
}
