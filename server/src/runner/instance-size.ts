import { type InstanceState, stateToJson } from '@xflow/engine';
import { bounds } from './bounds.js';
import { StepRefusal } from './step-refusal.js';

/** A step made more of an instance than the server keeps: the step is refused, and the instance stays as it was. */
export class InstanceTooLargeError extends StepRefusal {
  readonly title = 'The instance would become too large';
  readonly remedy =
    'Keep large data outside and only a reference to it in variables; results of tasks can be cut down by an output mapping. ' +
    'The data that did not fit is kept with this incident: cancel the instance, correct the workflow, and start it again.';

  constructor() {
    super(`The variables and tokens of the instance would take more than ${bounds().state} characters of JSON.`);
    this.name = 'InstanceTooLargeError';
  }
}

/**
 * The state as it is kept.
 * @throws {InstanceTooLargeError} when that is beyond the bound.
 */
export function toBoundedText(state: InstanceState): string {
  const text = stateToJson(state);
  if (text.length > bounds().state) throw new InstanceTooLargeError();
  return text;
}
