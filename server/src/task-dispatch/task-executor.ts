import type { Json, Variables } from '@xflow/engine';
import type { JobPolicy } from './job-policy.js';

/** A committed job, as the executor of its type sees it. */
export interface DispatchedTask {
  readonly subjectId: string;
  readonly instanceId: string;
  readonly taskId: string;
  readonly workflowKey: string;
  readonly elementId: string;
  readonly type: string;
  readonly config: Variables;
  readonly input: Variables;
  /** `instance:element:visit`; stable over every attempt. */
  readonly idempotencyKey: string;
  /** 1 is the first. */
  readonly attempt: number;
}

export type TaskOutcome =
  | { readonly result: Json }
  | { readonly bpmnError: { readonly code: string; readonly message?: string; readonly variables?: Variables } };

/** What a job's failure means. An error of any other class counts as one that a later attempt may cure. */
export class TaskFailure extends Error {
  constructor(
    /** Whole sentence. */
    readonly reason: string,
    /** Whole sentence. */
    readonly remedy: string,
    /** Whether a later attempt may succeed. */
    readonly retryable: boolean,
  ) {
    super(reason);
    this.name = 'TaskFailure';
  }
}

/**
 * Does the work of jobs, after the commit that created them and at least once. Implemented by the task handlers.
 * `signal` aborts when nobody wants the job any more, when it takes too long, or when the server stops; nobody waits for it then.
 */
export abstract class TaskExecutor {
  /** Of the task types that it does; jobs of all others are for workers outside. */
  abstract readonly policies: ReadonlyMap<string, JobPolicy>;

  abstract execute(task: DispatchedTask, signal: AbortSignal): Promise<TaskOutcome>;
}
