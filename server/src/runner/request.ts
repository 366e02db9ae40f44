import type { ElementPair, Variables } from '@xflow/engine';
import type { BroadcastSignalResponse, PublishMessageResponse } from '@xflow/schemas';
import type { PublishedMessage, UntimedInput } from './command.js';

/** What others ask of the runner. Every request joins a batch; its promise is settled when the batch is committed, or refused. */
export type RunnerRequest =
  StartOrder | InputOrder | PublishOrder | SignalOrder | FaultRetryOrder | SuspendOrder | MigrateOrder;

/** Start an instance of a workflow for a user. */
export interface StartOrder {
  readonly kind: 'start';
  /** Given beforehand, so that a batch that runs again starts the same instance. */
  readonly instanceId: string;
  readonly workflowKey: string;
  /** Null: the newest. */
  readonly version: number | null;
  /** Null: the only none start event. */
  readonly startEvent: string | null;
  readonly subjectId: string;
  readonly variables: Variables;
  readonly businessKey: string | null;
  /** Null: every request starts another instance. */
  readonly idempotency: Idempotency | null;
}
export interface Idempotency {
  readonly key: string;
  /** SHA-256 of the request: the same key with another one is refused. */
  readonly fingerprint: string;
}

/** Give an input to an instance. Settled with whether it changed anything: it does not when what it is about is over. */
export interface InputOrder {
  readonly kind: 'input';
  readonly subjectId: string;
  readonly instanceId: string;
  readonly input: UntimedInput;
  /** Whether the input is kept for later where the step throws (a job's result must not be lost); otherwise it is refused. */
  readonly keep: boolean;
  /** Of a worker's report on a task: the token of its lease. Nothing is changed where the lease is over, or another one has it. */
  readonly lease?: string;
  /** The batch operation that it is done for. */
  readonly operationId?: string;
}

export interface PublishOrder {
  readonly kind: 'publish';
  readonly message: PublishedMessage;
  /** Whether the sender named the message, so that a repeat can be told. */
  readonly named: boolean;
}

/** Broadcast a signal to all who wait for it now. */
export interface SignalOrder {
  readonly kind: 'signal';
  readonly name: string;
  readonly variables: Variables;
}

/** Give an instance again what it could not be given, because its step threw. Settled with whether there was such an incident. */
export interface FaultRetryOrder {
  readonly kind: 'retry-fault';
  readonly subjectId: string;
  readonly instanceId: string;
  readonly incidentId: string;
  /** The batch operation that it is done for. */
  readonly operationId?: string;
}

/** Suspend an instance, or resume it. Settled with whether it changed anything. */
export interface SuspendOrder {
  readonly kind: 'suspend';
  readonly subjectId: string;
  readonly instanceId: string;
  /** False: resume it. */
  readonly suspended: boolean;
  readonly operationId?: string;
}

/** Let an instance go on under another version. Refused, with every reason, where it does not fit; settled with whether it is active. */
export interface MigrateOrder {
  readonly kind: 'migrate';
  readonly subjectId: string;
  readonly instanceId: string;
  readonly version: number;
  readonly mapping: readonly ElementPair[];
  readonly operationId?: string;
}

export interface Started {
  readonly instanceId: string;
  readonly subjectId: string;
}

export interface ResultOf {
  readonly start: Started;
  readonly input: boolean;
  readonly publish: PublishMessageResponse;
  readonly signal: BroadcastSignalResponse;
  readonly 'retry-fault': boolean;
  readonly suspend: boolean;
  readonly migrate: boolean;
}

/** A request that waits for its batch. */
export interface QueuedRequest<R extends RunnerRequest = RunnerRequest> {
  readonly request: R;
  resolve(result: ResultOf[R['kind']]): void;
  reject(error: Error): void;
  /** Batches that this request was part of and that had to be given up. */
  attempts: number;
  /** Batches that could not lock its instance. */
  misses: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly queuedAt: number;
}
