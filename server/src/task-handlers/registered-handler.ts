import { taskCatalog, type TaskType } from '@xflow/schemas';
import { usualAttempts, usualBackoff, type JobLimits, type JobPolicy } from '../task-dispatch/job-policy.js';
import type { AnswerHandler, JobHandler, TaskHandlerMetadata } from './task-handler.js';
import { taskTypeName } from './worker-types.js';

/** A handler that passed the checks, with its defaults filled in. */
export interface RegisteredHandler {
  readonly taskType: TaskType;
  readonly handler:
    | { readonly kind: 'answer'; readonly instance: AnswerHandler }
    | { readonly kind: 'job'; readonly instance: JobHandler };
  readonly policy: JobPolicy;
}

const longestTimeout = 3_600_000;
const mostAttempts = 100;
const longestBackoff = 86_400_000;

/**
 * @param limitsOf by type, where an operator has set other limits than the handler's
 * @throws an Error that tells what is wrong with the class, and what to do: the server does not start with it.
 */
export function registeredHandler(
  className: string,
  metadata: TaskHandlerMetadata,
  instance: unknown,
  limitsOf: ReadonlyMap<string, JobLimits> = new Map(),
): RegisteredHandler {
  const { type, options } = metadata;
  const refuse = (problem: string): never => {
    throw new Error(`The task handler ${className} of type "${type}" cannot be registered: ${problem}`);
  };
  if (!taskTypeName.test(type)) {
    return refuse('its type must consist of at most 100 letters, digits, _, ., : and -. Rename it.');
  }
  const answers = hasMethod(instance, 'answer');
  if (answers === hasMethod(instance, 'run')) {
    return refuse('it must have exactly one of the methods answer (it decides) and run (it does a job).');
  }
  const kind = answers ? 'answer' : 'job';
  const shipped = Object.hasOwn(taskCatalog, type) ? taskCatalog[type] : undefined;
  const schema = options.schema ?? shipped?.schema;
  if (schema === undefined) {
    return refuse(
      'it has no schema for its configuration. Give it one: @TaskHandler(type, { schema: { type: "object" } }).',
    );
  }
  if (schema['type'] !== 'object')
    return refuse('its schema must be of type "object". Describe the configuration by its fields.');
  if (shipped !== undefined && shipped.kind !== kind) {
    return refuse(
      `the type is shipped as ${shipped.kind}, which needs the method ${shipped.kind === 'job' ? 'run' : 'answer'}.`,
    );
  }
  const { maxAttempts = usualAttempts, timeoutMs = 30_000, concurrency = 32, priority = 0 } = options;
  const { backoff = usualBackoff, limits = { concurrency: null, rate: null } } = options;
  if (!isWithin(maxAttempts, mostAttempts))
    return refuse(`maxAttempts must be a whole number from 1 to ${mostAttempts}.`);
  if (!isWithin(timeoutMs, longestTimeout))
    return refuse(`timeoutMs must be a whole number from 1 to ${longestTimeout}.`);
  if (!isWithin(concurrency, 1000)) return refuse('concurrency must be a whole number from 1 to 1000.');
  if (!isWithin(backoff.first, longestBackoff) || !isWithin(backoff.longest, longestBackoff))
    return refuse(`the times of its backoff must be whole numbers from 1 to ${longestBackoff}.`);
  if (!Number.isInteger(priority)) return refuse('priority must be a whole number.');
  return {
    taskType: {
      type,
      kind,
      title: options.title ?? shipped?.title ?? type,
      description: options.description ?? shipped?.description ?? '',
      schema: { ...schema },
    },
    handler: answers
      ? { kind: 'answer', instance: instance as AnswerHandler }
      : { kind: 'job', instance: instance as JobHandler },
    policy: { maxAttempts, backoff, timeout: timeoutMs, concurrency, priority, limits: limitsOf.get(type) ?? limits },
  };
}

function hasMethod(instance: unknown, name: string): boolean {
  return typeof instance === 'object' && instance !== null && typeof Reflect.get(instance, name) === 'function';
}

function isWithin(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}
