import { Injectable } from '@nestjs/common';
import type { Json } from '@xflow/engine';
import type { JobPolicy } from '../task-dispatch/job-policy.js';
import { TaskExecutor, TaskFailure, type DispatchedTask, type TaskOutcome } from '../task-dispatch/task-executor.js';
import { BpmnError } from './bpmn-error.js';
import { JobContextReader } from './job-context-reader.js';
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
    const { subjectId, instanceId } = task;
    const job = { ...task, context: () => this.contexts.read(subjectId, instanceId) };
    try {
      return { result: checkedResult(await registered.handler.instance.run(job, signal), task.type) };
    } catch (error) {
      if (error instanceof BpmnError) {
        const { code, message, variables } = error;
        return { bpmnError: { code, message, ...(variables === undefined ? {} : { variables }) } };
      }
      throw error;
    }
  }
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
