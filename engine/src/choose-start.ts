import type { Definition } from './definition.js';
import type { StartInput } from './input.js';

/** Where an instance begins that is started by hand or called: a part of its start input; or what is wrong with the choice, in whole sentences. */
export type StartChoice =
  | { readonly ok: true; readonly input: Pick<StartInput, 'startEventId'> }
  | { readonly ok: false; readonly message: string; readonly remedy: string };

/**
 * Chooses the none start event. A process may have several, of which a start triggers exactly one (BPMN 2.0.2, 10.5.2 and 13.5.1): then
 * `named`, the id of one of them, must be given, since nothing in the standard says which is meant.
 */
export function chooseStart({ key, root: { noneStarts } }: Definition, named: string | undefined): StartChoice {
  const ids = noneStarts.map(({ id }) => id);
  if (named === undefined) {
    if (ids.length < 2) return { ok: true, input: {} };
    return {
      ok: false,
      message: `Workflow "${key}" has ${ids.length} start events without a trigger, and the start names none of them.`,
      remedy: `Name the start event to begin at, one of these: ${ids.join(', ')}.`,
    };
  }
  if (ids.includes(named)) return { ok: true, input: { startEventId: named } };
  return {
    ok: false,
    message: `Workflow "${key}" has no start event "${named}" without a trigger.`,
    remedy:
      ids.length === 0
        ? 'Leave the start event out: the workflow has none without a trigger.'
        : `Name ${ids.length === 1 ? 'this one, or none' : 'one of these'}: ${ids.join(', ')}.`,
  };
}

/** Why a process is not called that has several none start events: a call activity has no place to name one. */
export const callWithoutStart = ({ message }: Extract<StartChoice, { ok: false }>): string =>
  `${message} Leave one of them in the called workflow, and give the others a message or a timer.`;
