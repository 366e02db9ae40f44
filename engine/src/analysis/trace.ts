/**
 * One step of a counterexample. Playing the steps from the first leads to what was found: what happens, to which element, and the way
 * that tokens then took.
 */
export interface TraceStep {
  readonly action: 'start' | 'choose' | 'complete' | 'throw-error' | 'timer' | 'message' | 'signal';
  /** The start event, the gateway or activity that chooses, the activity, or the event that happens. */
  readonly elementId: string;
  /** With `choose`: the sequence flows whose conditions are true; none: the default flow. */
  readonly flows?: readonly string[];
  /** With `throw-error`. */
  readonly errorCode?: string;
  /** Elements entered and sequence flows taken, in their order. */
  readonly path: readonly string[];
}

/** For a line of text, as in `choose f2 at Gateway_1`. */
export function describeStep({ action, elementId, flows = [], errorCode }: TraceStep): string {
  switch (action) {
    case 'choose':
      return `choose ${flows.join(' and ') || 'the default flow'} at ${elementId}`;
    case 'throw-error':
      return `throw error ${errorCode ?? ''} at ${elementId}`;
    case 'start':
    case 'complete':
      return `${action} ${elementId}`;
    default:
      return `${action} at ${elementId}`;
  }
}
