import { chooseStart, type Definition, type StartInput } from '@xflow/engine';
import { UnprocessableError } from '../http-problems/problem-error.js';

/** The part of the start input that says where an instance begins; or why the request's choice of a none start event cannot be followed. */
export function startEventToStart(
  definition: Definition,
  named: string | null,
): Pick<StartInput, 'startEventId'> | Error {
  const choice = chooseStart(definition, named ?? undefined);
  if (choice.ok) return choice.input;
  const { message, remedy } = choice;
  return new UnprocessableError('The start event is not clear', [{ field: '$.startEvent', message, remedy }]);
}
