import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { TaskType } from '@xflow/schemas';
import { AnswerRegistry } from '../runner/question-answerer.js';
import { TaskCatalog } from '../runner/task-catalog.js';
import { HandlerAnswerer } from './handler-answerer.js';
import { parseJobLimits, type JobPolicy } from '../task-dispatch/job-policy.js';
import { registeredHandler, type RegisteredHandler } from './registered-handler.js';
import { taskHandlerMetadata, type TaskHandlerMetadata } from './task-handler.js';
import { workerTypes } from './worker-types.js';

/** All handlers of this server, found among its providers by their decorator; and the types that it leaves to workers. */
@Injectable()
export class TaskHandlerRegistry implements OnModuleInit {
  private readonly policies = new Map<string, JobPolicy>();
  private readonly ofWorkers: TaskType[] = [];
  private readonly handlers = new Map<string, RegisteredHandler>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly catalog: TaskCatalog,
    private readonly answers: AnswerRegistry,
  ) {}

  /** @throws when a handler cannot be registered, or two claim one type: the server does not start. */
  onModuleInit(): void {
    const limits = parseJobLimits(process.env['XFLOW_JOB_LIMITS'] ?? '');
    const classOf = new Map<string, string>();
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function') continue;
      const metadata = Reflect.getMetadata(taskHandlerMetadata, metatype) as TaskHandlerMetadata | undefined;
      if (metadata === undefined) continue;
      const claimedBy = classOf.get(metadata.type);
      if (claimedBy !== undefined) {
        throw new Error(
          `Two task handlers claim the type "${metadata.type}": ${claimedBy} and ${metatype.name}. Rename one of them, or remove it.`,
        );
      }
      classOf.set(metadata.type, metatype.name);
      this.register(registeredHandler(metatype.name, metadata, instance, limits));
    }
    for (const type of workerTypes(process.env)) {
      // A server that has a handler itself does not leave the type to workers.
      if (this.handlers.has(type.type)) continue;
      this.ofWorkers.push(type);
      this.catalog.add(type);
    }
  }

  /** Undefined: no handler has the type. */
  get(type: string): RegisteredHandler | undefined {
    return this.handlers.get(type);
  }

  /** How the jobs of this server are done, by type. */
  get jobPolicies(): ReadonlyMap<string, JobPolicy> {
    return this.policies;
  }

  /** By type, in the order of their names. */
  list(): TaskType[] {
    const types = [...[...this.handlers.values()].map(({ taskType }) => taskType), ...this.ofWorkers];
    return types.sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  private register(handler: RegisteredHandler): void {
    const { type } = handler.taskType;
    this.handlers.set(type, handler);
    this.catalog.add(handler.taskType);
    if (handler.handler.kind === 'job') this.policies.set(type, handler.policy);
    if (handler.handler.kind === 'answer') {
      this.answers.registerTask(type, new HandlerAnswerer(type, handler.handler.instance));
    }
  }
}
