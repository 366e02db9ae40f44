import type { TaskType } from '@xflow/schemas';
import 'reflect-metadata';
import { registeredHandler } from '../../task-handlers/registered-handler.js';
import { taskHandlerMetadata, type TaskHandlerMetadata } from '../../task-handlers/task-handler.js';

export type HandlerClass = new (...dependencies: never[]) => object;

export function isHandlerClass(value: unknown): value is HandlerClass {
  return typeof value === 'function' && metadataOf(value) !== undefined;
}

/** The types that these handlers have, as the compiler wants them. */
export function taskTypesOf(handlers: readonly HandlerClass[]): Record<string, TaskType> {
  const types: Record<string, TaskType> = {};
  for (const handler of handlers) {
    // The methods lie on the prototype: no instance is needed, and none of the providers that it asks for.
    const { taskType } = registeredHandler(handler.name, metadataOf(handler)!, handler.prototype);
    types[taskType.type] = taskType;
  }
  return types;
}

function metadataOf(value: object): TaskHandlerMetadata | undefined {
  return Reflect.getMetadata(taskHandlerMetadata, value) as TaskHandlerMetadata | undefined;
}
