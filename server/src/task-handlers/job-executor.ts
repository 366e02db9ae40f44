import { Injectable } from '@nestjs/common';
import type { Json } from '@xflow/engine';
import type { JobPolicy } from '../task-dispatch/job-policy.js';
import { TaskExecutor, TaskFailure, type DispatchedTask, type TaskOutcome } from '../task-dispatch/task-executor.js';
import { BpmnError } from './bpmn-error.js';
import { JobContextReader } from './job-context-reader.js';
import type { RegisteredHandler } from './registered-handler.js';
import { TaskHandlerRegistry } from './task-handler-registry.js';

const maxResultBytes = 1024 * 1024;

/** Runs jobs by their handlers. */
@Injectable()
export class JobExecutor extends TaskExecutor {
  constructor(
    private readonly registry: TaskHandlerRegistry,
    private readonly contexts: JobContextReader,
  ) {
    super();
  }

  get policies(): ReadonlyMap<string, JobPolicy> {
    return this.registry.jobPolicies;
  }

  async execute(task: DispatchedTask, signal: AbortSignal): Promise<TaskOutcome> {
    const registered = this.registry.get(task.type);
    if (registered?.handler.kind !== 'job') {
      throw new TaskFailure(
        `No handler of this server does jobs of type "${task.type}".`,
        'Start the server with a handler of this type, and retry the incident.',
        false,
      );
    }
    try {
      return {
        result: await this.run(
          registered,
          registered.handler.instance.run.bind(registered.handler.instance),
          task,
          signal,
        ),
      };
    } catch (error) {
      if (error instanceof BpmnError) {
        const { code, message, variables } = error;
        return { bpmnError: { code, message, ...(variables === undefined ? {} : { variables }) } };
      }
      throw error;
    }
  }

  private async run(
    registered: RegisteredHandler,
    run: (job: Parameters<JobRun>[0], signal: AbortSignal) => Promise<Json>,
    task: DispatchedTask,
    signal: AbortSignal,
  ): Promise<Json> {
    const timeout = AbortSignal.timeout(registered.timeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    const { subjectId, instanceId } = task;
    const job = { ...task, context: () => this.contexts.read(subjectId, instanceId) };
    const result = await Promise.race([run(job, either), givenUp(either, task.type, registered.timeoutMs)]);
    return checkedResult(result, task.type);
  }
}
type JobRun = Extract<RegisteredHandler['handler'], { kind: 'job' }>['instance']['run'];

/** Rejects when the signal aborts, for handlers that do not listen to it. */
function givenUp(signal: AbortSignal, type: string, timeoutMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(
          new Error(
            `The job of type "${type}" was given up: it took longer than ${timeoutMs} ms, or the server stopped.`,
          ),
        );
      },
      { once: true },
    );
  });
}

/** What comes back from a handler, as JSON. @throws TaskFailure when it is none, or too large to be kept in an instance. */
function checkedResult(result: unknown, type: string): Json {
  const remedy = 'Let the handler return less, or only JSON values, and retry the incident.';
  let json: string | undefined;
  try {
    json = JSON.stringify(result ?? null);
  } catch (error) {
    throw new TaskFailure(`The result of the job of type "${type}" is no JSON: ${String(error)}.`, remedy, false);
  }
  if (json === undefined)
    throw new TaskFailure(`The result of the job of type "${type}" is no JSON value.`, remedy, false);
  if (Buffer.byteLength(json) > maxResultBytes) {
    throw new TaskFailure(`The result of the job of type "${type}" is larger than 1 MB.`, remedy, false);
  }
  return JSON.parse(json) as Json;
}
