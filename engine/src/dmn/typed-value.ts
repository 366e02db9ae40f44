import { evaluate, type FeelFunction } from 'feelin';

const constructors = new Map<string, FeelFunction>(
  (
    [
      ['date', 'date(text)'],
      ['time', 'time(text)'],
      ['dateTime', 'date and time(text)'],
      ['date and time', 'date and time(text)'],
      ['dayTimeDuration', 'duration(text)'],
      ['days and time duration', 'duration(text)'],
      ['yearMonthDuration', 'duration(text)'],
      ['years and months duration', 'duration(text)'],
    ] as const
  ).map(([type, call]) => [type, evaluate(`function(text) ${call}`).value as FeelFunction]),
);

/** Variables are JSON, which has no dates: text that is declared as a date, time or duration becomes one. Throws an Error with a whole sentence. */
export function typedValue(value: unknown, typeRef: string | null, what: string): unknown {
  const constructor = typeRef === null ? undefined : constructors.get(typeRef.replace(/^feel:/, ''));
  if (constructor === undefined || typeof value !== 'string') return value;
  const typed: unknown = constructor.invoke([value]);
  if (typed === null) throw new Error(`${what} is to be of type ${typeRef}, and "${value.slice(0, 100)}" is not.`);
  return typed;
}
