import type { Expression } from './expression.js';
import type { TimerSpec } from './timer-spec.js';

export type StartTrigger = MessageTrigger | SignalTrigger | TimerTrigger | ConditionalTrigger;

/** What an event waits for: its event definitions (BPMN 2.0.2, 10.5.5). */
export type Trigger = SingleTrigger | MultipleTrigger;

export type SingleTrigger =
  | TimerTrigger
  | MessageTrigger
  | SignalTrigger
  | ConditionalTrigger
  /** Thrown to it. A null code catches all. */
  | { readonly kind: 'error'; readonly errorCode: string | null }
  | { readonly kind: 'escalation'; readonly escalationCode: string | null }
  /** Of a boundary event with a handler, or an event subprocess. */
  | { readonly kind: 'compensation' }
  /** Of a transaction's boundary event. */
  | { readonly kind: 'cancel' };

export interface TimerTrigger {
  readonly kind: 'timer';
  readonly timer: TimerSpec;
}

export interface MessageTrigger {
  readonly kind: 'message';
  readonly messageName: string;
  /** Null: the subject's id. */
  readonly correlationKey: Expression | null;
}

export interface SignalTrigger {
  readonly kind: 'signal';
  readonly signalName: string;
}

/** Happens when the condition becomes true, and at once where it is. */
export interface ConditionalTrigger {
  readonly kind: 'conditional';
  readonly condition: Expression;
}

export interface MultipleTrigger {
  readonly kind: 'multiple';
  readonly triggers: readonly SingleTrigger[];
  /** Whether all of them must happen, instead of any. */
  readonly all: boolean;
}
