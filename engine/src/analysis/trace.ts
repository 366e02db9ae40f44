/**
 * One step of a counterexample. Playing the steps from the first leads to what was found: what happens, to which element, and the way
 * that tokens then took.
 */
export interface TraceStep {
  readonly action:
    | 'start'
    | 'choose'
    | 'repeat'
    | 'decide'
    | 'begin'
    | 'activate'
    | 'complete'
    | 'throw-error'
    | 'escalate'
    | 'timer'
    | 'message'
    | 'signal'
    | 'condition';
  /** The start event, the element that chooses, the activity, or the event that happens. */
  readonly elementId: string;
  /** With `choose`: the sequence flows whose conditions are true; none: the default flow. */
  readonly flows?: readonly string[];
  /** With `repeat`: how often a multi-instance activity runs; 2 stands for more, too. */
  readonly runs?: number;
  /** With `decide`: the other conditions of the element that are true. */
  readonly conditions?: readonly ConditionName[];
  /** With `begin`: the activities with which an ad-hoc subprocess begins. */
  readonly activities?: readonly string[];
  /** With `throw-error`. */
  readonly errorCode?: string;
  /** With `escalate`: what a called instance escalates. */
  readonly escalationCode?: string;
  /** Elements entered and sequence flows taken, in their order. */
  readonly path: readonly string[];
}

/** A condition that leads no flow: of a loop to repeat, of runs or an ad-hoc subprocess to be complete, of runs to throw their events, of a complex gateway to be activated. */
export type ConditionName = 'repeat' | 'complete' | 'throw' | 'activate';

/** For a line of text, as in `choose f2 at Gateway_1`. */
export function describeStep(step: TraceStep): string {
  const { action, elementId, flows = [], runs = 0, conditions = [], activities = [] } = step;
  const { errorCode = '', escalationCode = '' } = step;
  switch (action) {
    case 'choose':
      return `choose ${flows.join(' and ') || 'the default flow'} at ${elementId}`;
    case 'repeat':
      return `${runs} runs of ${elementId}`;
    case 'decide':
      return `${conditions.length > 0 ? `decide to ${conditions.join(' and ')}` : 'decide against it'} at ${elementId}`;
    case 'begin':
      return `begin ${activities.join(' and ') || 'with nothing'} in ${elementId}`;
    case 'throw-error':
      return `throw error ${errorCode} at ${elementId}`;
    case 'escalate':
      return `escalate ${escalationCode} at ${elementId}`;
    case 'start':
    case 'activate':
    case 'complete':
      return `${action} ${elementId}`;
    default:
      return `${action} at ${elementId}`;
  }
}
