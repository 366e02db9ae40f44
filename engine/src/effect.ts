import type { ElementPair } from './input.js';
import type { Json, Variables } from './json.js';
import type { Question } from './question.js';
import type { UserChange } from './user-change.js';

/**
 * What the world must now do, as data. The runner executes effects in their order with one exhaustive `switch`.
 * All ids are unique within the instance and never reused. Times are milliseconds since 1970-01-01T00:00:00Z.
 */
export type Effect =
  | ScheduleTimerEffect
  | { readonly kind: 'cancel-timer'; readonly timerId: string }
  | OpenSubscriptionEffect
  | { readonly kind: 'close-subscription'; readonly subscriptionId: string }
  | PublishMessageEffect
  | BroadcastSignalEffect
  | EscalateEffect
  | CreateTaskEffect
  | { readonly kind: 'cancel-task'; readonly taskId: string }
  | AskEffect
  | ChangeUserEffect
  | StartInstanceEffect
  | { readonly kind: 'cancel-instance'; readonly callId: string }
  | RaiseIncidentEffect
  | RenameElementsEffect
  | { readonly kind: 'resolve-incident'; readonly incidentId: string }
  | EndEffect;

/** Feed `{ kind: 'timer-due', timerId }` back at `dueAt`, never earlier. */
export interface ScheduleTimerEffect {
  readonly kind: 'schedule-timer';
  readonly timerId: string;
  readonly elementId: string;
  readonly dueAt: number;
}

/**
 * Feed `{ kind: 'message', subscriptionId }` back when a message of this name and correlation key arrives, or `{ kind: 'signal',
 * subscriptionId }` when a signal of this name is broadcast, or `{ kind: 'user-changed', subscriptionId }` when the profile, the events
 * or the segments of the subject with this key change. The subscription stays open, for further ones too, until
 * `close-subscription`, which also follows the one that a catch event waited for.
 */
export interface OpenSubscriptionEffect {
  readonly kind: 'open-subscription';
  readonly subscriptionId: string;
  readonly elementId: string;
  readonly event: 'message' | 'signal' | 'user';
  /** Of a signal: the signal's name; of a user: empty. */
  readonly messageName: string;
  /** Defaults to the subject's id where the diagram names no key; of a signal: empty; of a user: the subject's id. */
  readonly correlationKey: string;
}

/** Publish a message to whoever waits for it, message start events included; kept for an hour for one who comes to wait for it. */
export interface PublishMessageEffect {
  readonly kind: 'publish-message';
  readonly elementId: string;
  readonly messageName: string;
  readonly correlationKey: string;
  readonly variables: Variables;
}

/** Feed the signal to every open subscription of its name in every instance, this one included, and start what begins with it. Nobody later receives it. */
export interface BroadcastSignalEffect {
  readonly kind: 'broadcast-signal';
  readonly elementId: string;
  readonly signalName: string;
  readonly variables: Variables;
}

/** An escalation that nothing in the instance caught: feed `{ kind: 'call-escalated' }` to the instance whose call activity started this one; without one nothing is to be done. */
export interface EscalateEffect {
  readonly kind: 'escalate';
  readonly elementId: string;
  readonly code: string;
}

/** Do work outside of the transaction (`job`), or let a person do it (`user`); feed task-completed, task-failed or task-threw-error back. */
export interface CreateTaskEffect {
  readonly kind: 'create-task';
  readonly taskId: string;
  readonly elementId: string;
  readonly elementName: string | null;
  readonly taskKind: 'job' | 'user';
  /** Type of the handler; `user-task` for tasks of people. */
  readonly type: string;
  /** Configuration after evaluation of its expressions. Of a user task: `{ form?, lane?, candidateUsers?, candidateGroups? }`. */
  readonly config: Variables;
  readonly input: Variables;
  /** `instance:element:visit`; stable over every retry. */
  readonly idempotencyKey: string;
  /**
   * What the element says of a job that fails. `attempts`: how often it is attempted in all before `task-failed` is fed back. `backoff`: milliseconds from each failed attempt
   * to the next, the last also for all further ones. Null, or an empty list, or absent: as usual for its type.
   */
  readonly retry?: { readonly attempts: number | null; readonly backoff: readonly number[] };
}

/** Answer within this very step: feed `{ kind: 'answered', questionId, answer }` back. */
export interface AskEffect {
  readonly kind: 'ask';
  readonly questionId: string;
  readonly elementId: string;
  readonly question: Question;
}

export interface ChangeUserEffect {
  readonly kind: 'change-user';
  readonly elementId: string;
  readonly change: UserChange;
  /** Why, for the user's own history: a whole sentence. */
  readonly reason: string;
}

/** Start an instance of another workflow for the same subject; feed `{ kind: 'call-ended', callId }` back when it ends. */
export interface StartInstanceEffect {
  readonly kind: 'start-instance';
  readonly callId: string;
  readonly elementId: string;
  readonly workflowKey: string;
  readonly variables: Variables;
}

export interface RaiseIncidentEffect {
  readonly kind: 'raise-incident';
  readonly incident: Incident;
}
/** A failure that needs someone: where, why, what to do. */
export interface Incident {
  readonly id: string;
  readonly elementId: string;
  readonly type: IncidentType;
  /** Whole sentence: what went wrong and where. */
  readonly reason: string;
  /** Whole sentence: what to do about it. */
  readonly remedy: string;
  /** Sequence flows that `{ action: 'take-flow' }` may choose from; empty when only a retry helps. */
  readonly choices: readonly string[];
}
export type IncidentType =
  | 'no-flow-chosen'
  | 'expression-failed'
  | 'task-failed'
  | 'uncaught-error'
  | 'answer-failed'
  | 'call-failed'
  | 'script-failed'
  | 'bound-reached'
  | 'invalid-config';

/** After a migration: what was announced for these elements (timers, subscriptions, tasks, incidents) belongs to their targets from now on. */
export interface RenameElementsEffect {
  readonly kind: 'rename-elements';
  readonly elements: readonly ElementPair[];
}

/** The instance is over; always the last effect. */
export interface EndEffect {
  readonly kind: 'end';
  readonly outcome: 'completed' | 'terminated' | 'cancelled' | 'error';
  /** Variables of the root scope at the end. */
  readonly variables: Readonly<Record<string, Json>>;
  /** With outcome `error`: an error end event of a called process that nothing in it caught. */
  readonly error?: { readonly code: string; readonly message?: string };
}
