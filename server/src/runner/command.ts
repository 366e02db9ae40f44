import type { Input, Variables } from '@xflow/engine';

type WithoutTime<I> = I extends Input ? Omit<I, 'at'> : never;

/** An input whose time is not known yet: that of the batch which applies it. */
export type UntimedInput = WithoutTime<Input>;

/** What a command carries: the input to apply when it is due. */
export interface CommandPayload {
  readonly input: UntimedInput;
  /** Of a message that found this instance waiting: what to publish again when the instance waits no more. */
  readonly message?: PublishedMessage;
}

/** Of a command for a called instance: its caller was suspended, or resumed. The engine knows nothing of it. */
export interface CallerSuspended {
  readonly suspended: boolean;
}

/** A message on its way to whoever waits for its name and key. Times: milliseconds since 1970. */
export interface PublishedMessage {
  readonly id: string;
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
  readonly publishedAt: number;
  /** End of the buffering. */
  readonly expiresAt: number;
  /** Until when a repeat with the same id is recognised. */
  readonly keptUntil: number;
}

/** A signal on its way to everyone who waits for it. */
export interface ThrownSignal {
  readonly name: string;
  readonly variables: Variables;
  /** Null: it came from outside. */
  readonly thrower: {
    readonly instanceId: string;
    /** Subscriptions that it has opened since: a signal reaches nobody who comes to wait for it later, its thrower neither. */
    readonly openedSince: readonly string[];
  } | null;
}

const inputKinds = {
  start: true,
  'timer-due': true,
  message: true,
  signal: true,
  'user-changed': true,
  'task-completed': true,
  'task-failed': true,
  'task-threw-error': true,
  answered: true,
  'answer-failed': true,
  'call-ended': true,
  'call-escalated': true,
  'incident-resolved': true,
  activate: true,
  'variables-set': true,
  modified: true,
  migrated: true,
  cancelled: true,
} satisfies Record<Input['kind'], true>;

/** Whether this version knows what such an input is; one that it does not know comes from a newer version. */
export const isKnownInput = (kind: string): boolean => Object.hasOwn(inputKinds, kind);
