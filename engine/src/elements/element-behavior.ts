import type { FlowNode } from '../flow-node.js';
import type {
  AnsweredInput,
  CallEndedInput,
  MessageInput,
  SignalInput,
  TaskCompletedInput,
  TimerDueInput,
} from '../input.js';
import type { Wait } from '../instance-state.js';
import type { Variables } from '../json.js';
import type { Step, WorkingToken } from '../step/step.js';

/**
 * The life of an element, told once.
 *
 * A token comes along a sequence flow and *arrives*. Most elements let it in at once; a join (`arrive`) keeps it until the
 * others are there, and lets one token in for all of them. Letting it in is an *entry*: the entry is counted and recorded,
 * and the user is moved to the element's lifecycle stage.
 *
 * Boundary events are armed first, then the element does its work in `enter`. Work that needs to know something (the
 * profile, segments, a reach, a handler's decision) asks, which parks the token; when the answers are there, `enter` runs
 * again from its beginning and finds them on the token. So `enter` must bring nothing about before it has all its answers.
 * Work that takes time parks the token with what it waits for: a timer, a message, a task, a call, the tokens of a subprocess.
 *
 * When that happens, `resume` is called with the wait and the input. It passes a result on to `complete`, which maps it into
 * variables, or sends the token out with `leave`: what is still open (boundary events, other events of an event-based
 * gateway) is closed, outgoing flows are chosen, and the token moves on, forks or ends.
 *
 * Two kinds of tokens are not in the life of an element. One in phase `listening` waits for the start of an event subprocess while the
 * scope around it runs; it keeps no scope alive. One in phase `compensating` runs the handlers of what it undoes, one after the other,
 * each in a scope of its own under it.
 *
 * A failure parks the token with an incident in the phase it is in, and a retry takes that phase up again: `enter`,
 * `complete`, or the choice of flows. Cancelling needs no word from the element: closing what a token waits for is the
 * same for all of them.
 */
export interface ElementBehavior<Node extends FlowNode = FlowNode> {
  /** A token has come. True lets it in; false when it waits for others. Absent: always let in. */
  arrive?(step: Step, token: WorkingToken, node: Node): boolean;
  /** Does the element's work, or parks the token until it can be done. */
  enter(step: Step, token: WorkingToken, node: Node): void;
  /** What the token waited for has happened. The wait is still on the token; an element that waits for nothing has no `resume`. */
  resume?(step: Step, token: WorkingToken, node: Node, wait: Wait, input: ResumingInput): void;
  /** Maps `token.result` into variables and leaves; for elements whose work returns something. */
  complete?(step: Step, token: WorkingToken, node: Node): void;
}

/** The inputs that bring what a token waited for. Failures and errors are the same for all elements, and dealt with in `advance`. */
export type ResumingInput =
  TimerDueInput | MessageInput | SignalInput | ConditionMet | TaskCompletedInput | AnsweredInput | CallEndedInput;

/** Comes from within: variables have changed. */
export interface ConditionMet {
  readonly kind: 'condition-met';
}

/** The variables that came with what has happened. */
export function variablesOf(input: ResumingInput): Variables | undefined {
  return input.kind === 'message' || input.kind === 'signal' ? input.variables : undefined;
}
