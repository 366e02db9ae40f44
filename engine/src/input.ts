import type { Json, Variables } from './json.js';

/**
 * What just happened to an instance, and when. Inputs are the only door into the engine: time, answers and results all
 * arrive here, so that a recorded list of inputs replays to the same states, effects and events.
 */
export type Input =
  | StartInput
  | TimerDueInput
  | MessageInput
  | SignalInput
  | UserChangedInput
  | TaskCompletedInput
  | TaskFailedInput
  | TaskThrewErrorInput
  | AnsweredInput
  | AnswerFailedInput
  | CallEndedInput
  | CallEscalatedInput
  | IncidentResolvedInput
  | ActivateInput
  | VariablesSetInput
  | ModifiedInput
  | MigratedInput
  | CancelledInput;

interface Timed {
  /** When it happened: milliseconds since 1970-01-01T00:00:00Z. The engine has no other clock. */
  readonly at: number;
}

/** First input of every instance. */
export interface StartInput extends Timed {
  readonly kind: 'start';
  /** The start event that fired, or the none start event to begin at. Absent: the only none start event; where there are several, it is named. */
  readonly startEventId?: string;
  /** Which of the events of a parallel multiple start event it was. Absent: all of them. */
  readonly startEventPart?: number;
  readonly variables?: Variables;
}

export interface TimerDueInput extends Timed {
  readonly kind: 'timer-due';
  readonly timerId: string;
}

export interface MessageInput extends Timed {
  readonly kind: 'message';
  readonly subscriptionId: string;
  readonly variables?: Variables;
}

export interface SignalInput extends Timed {
  readonly kind: 'signal';
  readonly subscriptionId: string;
  readonly variables?: Variables;
}

/** Something about the user has changed that a condition may read: it is looked at again. */
export interface UserChangedInput extends Timed {
  readonly kind: 'user-changed';
  readonly subscriptionId: string;
}

/** A job, a user task or a worker's task ended well. */
export interface TaskCompletedInput extends Timed {
  readonly kind: 'task-completed';
  readonly taskId: string;
  /** The result; goes through the output mapping, or as a whole into the result variable. */
  readonly result?: Json;
}

/** A task failed for good: its retries are used up (retrying is the runner's business). Becomes an incident. */
export interface TaskFailedInput extends Timed {
  readonly kind: 'task-failed';
  readonly taskId: string;
  /** Whole sentences: what went wrong, and what to do. */
  readonly reason: string;
  readonly remedy?: string;
}

/** A task threw a BPMN error; the nearest error boundary event with that code (or with none) catches it, else an incident. */
export interface TaskThrewErrorInput extends Timed {
  readonly kind: 'task-threw-error';
  readonly taskId: string;
  readonly code: string;
  readonly message?: string;
  readonly variables?: Variables;
}

/** The answer to a question. Its shape depends on the question: see question.ts. */
export interface AnsweredInput extends Timed {
  readonly kind: 'answered';
  readonly questionId: string;
  readonly answer: Json;
}

/** A question that nobody can answer (a segment that is gone, a handler that threw). Becomes an incident. */
export interface AnswerFailedInput extends Timed {
  readonly kind: 'answer-failed';
  readonly questionId: string;
  readonly reason: string;
  readonly remedy?: string;
}

/** The instance that a call activity started has ended. */
export interface CallEndedInput extends Timed {
  readonly kind: 'call-ended';
  readonly callId: string;
  readonly outcome: 'completed' | 'terminated' | 'cancelled' | 'error' | 'not-started';
  readonly variables?: Variables;
  /** With outcome `error`: an error end event that nothing in the called process caught. With `not-started`: why. */
  readonly error?: { readonly code: string; readonly message?: string };
}

/** The instance that a call activity started threw an escalation that nothing in it caught; it goes on meanwhile. */
export interface CallEscalatedInput extends Timed {
  readonly kind: 'call-escalated';
  readonly callId: string;
  readonly code: string;
}

/** An operator or an API resolves an incident. */
export interface IncidentResolvedInput extends Timed {
  readonly kind: 'incident-resolved';
  readonly incidentId: string;
  readonly resolution: IncidentResolution;
  /** Variables set before the resolution takes effect. */
  readonly variables?: Variables;
}
export type IncidentResolution =
  /** Do again what failed. */
  | { readonly action: 'retry' }
  /** Leave the element by this sequence flow (one of the incident's `choices`). */
  | { readonly action: 'take-flow'; readonly flowId: string };

/** Begins an activity of an ad-hoc subprocess: one that no sequence flow leads to. Where more than one such subprocess is open, in the oldest. */
export interface ActivateInput extends Timed {
  readonly kind: 'activate';
  readonly elementId: string;
  readonly variables?: Variables;
}

/** Variables are changed from outside; conditions that read them are evaluated. */
export interface VariablesSetInput extends Timed {
  readonly kind: 'variables-set';
  /** The scope that holds them from now on; absent: the root scope. */
  readonly scopeId?: string;
  readonly variables: Variables;
}

/**
 * Tokens are moved by hand. First the variables are set, then elements are activated, then tokens are terminated, and then all tokens move.
 * See {@link checkModification} for what is possible.
 */
export interface ModifiedInput extends Timed, Modification {
  readonly kind: 'modified';
}
export interface Modification {
  /** Elements that a token enters. Subprocesses around them that do not run begin with it, instead of at their start events. */
  readonly activate?: readonly ElementPlace[];
  /** Tokens that are taken away, with everything inside of what they rest on. */
  readonly terminate?: readonly TokenPlace[];
  /** Set in the root scope. */
  readonly variables?: Variables;
}
export interface ElementPlace {
  readonly elementId: string;
  /** One of the scopes around the element, where more than one of a subprocess runs. */
  readonly scopeId?: string;
}
/** One token, or all that rest on an element. */
export type TokenPlace = { readonly tokenId: string } | { readonly elementId: string };

/**
 * The instance goes on under another definition: the one that `advance` is called with. What else is in here is the outcome of
 * {@link checkMigration}, so that the old definition is not needed to replay it.
 */
export interface MigratedInput extends Timed, MigrationPlan {
  readonly kind: 'migrated';
  /** Version of the definition, for those who replay. */
  readonly version: number;
}

/** What becomes of the state of one instance under another definition. */
export interface MigrationPlan {
  /** Elements that the state speaks of. Those that have no target are left out: what waits at them is closed. */
  readonly elements: readonly ElementPair[];
  /** Sequence flows by which tokens have come to joins. */
  readonly flows: readonly ElementPair[];
  /** Targets that wait for something else than their sources did, and events that are new: what they wait for is opened anew. */
  readonly opened: readonly string[];
}
export interface ElementPair {
  readonly source: string;
  readonly target: string;
}

export interface CancelledInput extends Timed {
  readonly kind: 'cancelled';
  readonly reason?: string;
}
