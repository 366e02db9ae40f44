import type { PoolClient } from 'pg';
import { ProblemError, UnprocessableError } from '../http-problems/problem-error.js';
import type { DefinitionCache } from './definition-cache.js';
import { InstanceCounts } from './instance-counts.js';
import type { LiveInstance, PendingInput } from './live-instance.js';
import type { AnswerRegistry } from './question-answerer.js';
import type { QueuedRequest, RunnerRequest } from './request.js';
import { toTimestamp } from './sql/statement.js';
import { StepRefusal } from './step-refusal.js';
import { Suspension } from './suspension.js';

export interface BatchServices {
  readonly definitions: DefinitionCache;
  readonly answers: AnswerRegistry;
  /** With the commit, has other runners look after what the batch leaves to do, should this process die. */
  callForGuard(client: PoolClient): Promise<void>;
  /** As many commands were due as were asked for: another batch may find more beside this one. */
  foundMore(): void;
}

export interface BatchWork {
  readonly requests: readonly QueuedRequest[];
  /** How many due commands to take; 0: none is expected. */
  readonly commands: number;
  /** Time of every step of the batch: milliseconds since 1970. */
  readonly at: number;
  /** Whether other runners look after what this one leaves to do. */
  readonly guarded: boolean;
  /** Instances that made an earlier run of this batch fail, and how. */
  readonly faulty: ReadonlyMap<string, unknown>;
}

type RequestOf<K extends RunnerRequest['kind']> = QueuedRequest<Extract<RunnerRequest, { kind: K }>>;

/** What all parts of one batch share. */
export class BatchContext {
  /** The batch's time, as PostgreSQL reads it. */
  readonly timestamp: string;
  readonly suspension: Suspension;
  readonly counts = new InstanceCounts();
  /** Instances that are advanced, by their ids. */
  readonly live = new Map<string, LiveInstance>();
  /** What is to be applied to locked instances, by their ids. */
  readonly pending = new Map<string, PendingInput[]>();
  /** Instances that cannot take a step in this batch, and why: what is for them is kept, and they get an incident. */
  readonly faulty: Map<string, unknown>;
  /** Settle the promises of requests; called after the commit. */
  readonly settle: (() => void)[] = [];

  constructor(
    readonly services: BatchServices,
    readonly client: PoolClient,
    readonly work: BatchWork,
  ) {
    this.timestamp = toTimestamp(work.at);
    this.faulty = new Map(work.faulty);
    this.suspension = new Suspension(client, this.timestamp);
  }

  requestsOf<K extends RunnerRequest['kind']>(kind: K): RequestOf<K>[] {
    return this.work.requests.filter((queued) => queued.request.kind === kind) as unknown as RequestOf<K>[];
  }

  give(instanceId: string, input: PendingInput): void {
    const inputs = this.pending.get(instanceId);
    if (inputs) inputs.push(input);
    else this.pending.set(instanceId, [input]);
  }

  /** What a request is told whose instance cannot take its step. */
  stepFailed(instanceId: string): Error {
    const cause = this.faulty.get(instanceId);
    return cause instanceof StepRefusal
      ? new UnprocessableError(cause.title, [{ message: cause.message, remedy: cause.remedy }])
      : new ProblemError(
          500,
          'step-failed',
          'The step failed',
          `The step of instance ${instanceId} failed because of a defect of this server, and nothing was changed. The server's log tells more.`,
        );
  }
}
