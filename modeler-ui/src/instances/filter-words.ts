import { absoluteTime } from '../format/time.js';

/** A condition of a filter, as it is shown: `remove` is what is left of its entry without it. */
export interface FilterWord {
  /** Name of the condition in the filter. */
  readonly name: string;
  /** Which of its values, where it has several. */
  readonly value: string | null;
  readonly key: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the words need to know. */
export interface FilterSpeaker {
  readonly workflowName: (key: string) => string;
  readonly statusName: (status: string) => string;
  readonly number: (value: number) => string;
  readonly language: string;
}

/** The conditions of a filter, of the list of instances or of a batch operation, as keys of texts with their parameters, in a steady order. */
export function filterWords(filter: object, speaker: FilterSpeaker): readonly FilterWord[] {
  return order.flatMap((name): readonly FilterWord[] => {
    const value = (filter as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === null || value === '') return [];
    if (name === 'variables')
      return (value as readonly string[]).map((one) => ({
        name,
        value: one,
        key: 'filter.variables',
        parameters: { name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1) },
      }));
    const key = typeof value === 'boolean' && !value ? `filter.no-${name}` : `filter.${name}`;
    return [{ name, value: null, key, parameters: { value: told(name, value, speaker) } }];
  });
}

const order = [
  'workflow',
  'version',
  'exceptVersion',
  'status',
  'incident',
  'suspended',
  'element',
  'userId',
  'businessKey',
  'variables',
  'startedFrom',
  'startedTo',
  'endedFrom',
  'endedTo',
  'parentInstanceId',
  'instanceIds',
];

function told(name: string, value: unknown, { workflowName, statusName, number, language }: FilterSpeaker): string {
  if (name === 'workflow') return workflowName(String(value));
  if (name === 'status') return statusName(String(value));
  if (Array.isArray(value)) return number(value.length);
  if (/From$|To$/.test(name)) return absoluteTime(Date.parse(String(value)), language);
  return String(value);
}
