import type { StartBatchOperationRequest } from '@xflow/schemas';
import type { LocationQuery } from 'vue-router';
import type { InstanceFilter } from '../api/client.js';

const texts = ['workflow', 'status', 'userId', 'businessKey', 'element', 'parentInstanceId'] as const;
const times = ['startedFrom', 'startedTo', 'endedFrom', 'endedTo'] as const;
const marks = ['incident', 'suspended'] as const;

/** The filter that an address of the list of instances holds; what is none of a filter, or no sound value, is left out. */
export function filterOf(query: LocationQuery): InstanceFilter {
  const text = (name: string): string | undefined => {
    const value = [query[name]].flat()[0];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const version = Number(text('version'));
  const variables = [query['variables']].flat().filter((one) => typeof one === 'string' && /^[^=]+=/.test(one));
  return {
    ...Object.fromEntries(texts.flatMap((name) => pair(name, text(name)))),
    ...Object.fromEntries(times.flatMap((name) => pair(name, timeOf(text(name))))),
    ...Object.fromEntries(marks.flatMap((name) => pair(name, text(name) === 'true' ? true : undefined))),
    ...(Number.isSafeInteger(version) && version > 0 ? { version } : {}),
    ...(variables.length > 0 ? { variables: variables as string[] } : {}),
  };
}

/** The address of a filter. */
export function queryOf(filter: InstanceFilter): LocationQuery {
  return Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== '' && value !== false)
      .map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? (value as string[]) : String(value)]),
  );
}

/**
 * What a batch operation may be given of a filter: it changes active instances only, so neither a status nor an end is asked for.
 * Null: it would be about everything, which the server refuses, or about none.
 */
export function batchFilterOf(filter: InstanceFilter): StartBatchOperationRequest['filter'] | null {
  const { status, endedFrom, endedTo, parentInstanceId, variables, ...rest } = filter;
  if (
    ![undefined, 'active'].includes(status) ||
    [endedFrom, endedTo, parentInstanceId].some((one) => one !== undefined)
  )
    return null;
  const wanted = { ...rest, ...(variables === undefined ? {} : { variables: [...variables] }) };
  return Object.keys(wanted).length === 0 ? null : wanted;
}

function timeOf(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isFinite(at) ? new Date(at).toISOString() : undefined;
}

const pair = <Value>(name: string, value: Value | undefined): readonly (readonly [string, Value])[] =>
  value === undefined ? [] : [[name, value]];
