import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { Json, ProfileAnswer, TaskAnswer, Variables } from '@xflow/engine';
import type { PoolClient } from 'pg';
import type { Backoff, JobLimits } from '../task-dispatch/job-policy.js';

/**
 * Makes a class the handler of a task type. Diagrams name the type (`<xflow:task type="..."/>`), the modeler draws a form
 * from the schema, and deploys are checked against it.
 *
 * The class has one of two methods: `answer` ({@link AnswerHandler}) or `run` ({@link JobHandler}). Its constructor may ask
 * for any provider of the server.
 *
 * ```ts
 * @TaskHandler('add-points', { schema: { type: 'object', properties: { points: { type: 'number' } }, required: ['points'] } })
 * export class AddPoints implements AnswerHandler<{ points: number }> {
 *   async answer(requests: readonly AnswerRequest<{ points: number }>[]) {
 *     return requests.map(({ config }) => ({ result: null, changes: [{ kind: 'points', add: config.points } as const] }));
 *   }
 * }
 * ```
 */
export function TaskHandler(type: string, options: TaskHandlerOptions = {}): ClassDecorator {
  return applyDecorators(SetMetadata(taskHandlerMetadata, { type, options }), Injectable());
}

export interface TaskHandlerOptions {
  /** JSON Schema (2020-12) of the configuration, of type object. Left out only by shipped types, whose schemas are in the catalog. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** For the modeler; default the type. */
  readonly title?: string;
  /** For the modeler. */
  readonly description?: string;
  /** Jobs: how often one is attempted before its failure becomes an incident; default 5, at most 100. */
  readonly maxAttempts?: number;
  /** Jobs: milliseconds before the second attempt (default 1,000), four times as long before every later one, and at most (default 300,000). */
  readonly backoff?: Backoff;
  /** Jobs: milliseconds that one attempt may take; default 30,000, at most 3,600,000. */
  readonly timeoutMs?: number;
  /** Jobs: how many run at a time in one server process; default 32. */
  readonly concurrency?: number;
  /** Jobs: those of types with a higher one begin first where a server has no room for all; default 0. */
  readonly priority?: number;
  /** Jobs: what all servers on the database share; default no limit. XFLOW_JOB_LIMITS says others. */
  readonly limits?: JobLimits;
}

export const taskHandlerMetadata = Symbol('xflow:task-handler');
export interface TaskHandlerMetadata {
  readonly type: string;
  readonly options: TaskHandlerOptions;
}

/**
 * A handler that only reads and decides. It answers all requests of a batch at once, inside the transaction of the step;
 * what it wants changed about the users it returns, and the engine makes the change exactly once.
 */
export interface AnswerHandler<Config = Variables> {
  /** @returns one answer a request, in their order. A thrown error fails all of them. */
  answer(
    requests: readonly AnswerRequest<Config>[],
    context: AnswerContext,
  ): Promise<readonly (TaskAnswer | AnswerFailure)[]>;
}

export interface AnswerRequest<Config = Variables> {
  readonly subjectId: string;
  readonly instanceId: string;
  readonly elementId: string;
  /** Time of the step: milliseconds since 1970. The only time a handler should go by. */
  readonly at: number;
  /** Valid under the schema of the type. */
  readonly config: Config;
  readonly input: Variables;
}

export interface AnswerContext {
  /** In the transaction of the step. Read with it set by set: the number of statements must not grow with the requests. */
  readonly client: PoolClient;
}

/** Becomes an incident of the one instance. Whole sentences. */
export interface AnswerFailure {
  readonly failure: { readonly reason: string; readonly remedy: string };
}

/**
 * A handler that acts on the outside world, after the commit of the step and at least once: pass `job.idempotencyKey` on
 * wherever a repeat would hurt.
 *
 * An error that it throws is retried with backoff; throw TaskFailure to decide about the retry, and BpmnError for a
 * failure that the diagram foresees.
 */
export interface JobHandler<Config = Variables> {
  /**
   * @param signal aborts when the time of the attempt is over, nobody wants the result any more, or the server stops
   * @returns the result, for the output mapping or the result variable
   */
  run(job: Job<Config>, signal: AbortSignal): Promise<Json>;
}

export interface Job<Config = Variables> {
  readonly subjectId: string;
  readonly instanceId: string;
  readonly workflowKey: string;
  readonly elementId: string;
  readonly taskId: string;
  /** Valid under the schema of the type. */
  readonly config: Config;
  readonly input: Variables;
  /** `instance:element:visit`; the same in every attempt. */
  readonly idempotencyKey: string;
  /** 1 is the first. */
  readonly attempt: number;
  /** Reads the user and the variables of the instance, as they are now. */
  context(): Promise<JobContext>;
}

/** What templates are rendered with. */
export interface JobContext {
  readonly user: ProfileAnswer;
  readonly variables: Variables;
  readonly instance: {
    readonly id: string;
    readonly workflowKey: string;
    readonly version: number;
    readonly businessKey: string | null;
    /** RFC 3339. */
    readonly startedAt: string;
  };
}
