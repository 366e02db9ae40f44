export { createServer, type RunningServer, type ServerOptions } from './main/create-server.js';
export { BpmnError } from './task-handlers/bpmn-error.js';
export {
  TaskHandler,
  type AnswerContext,
  type AnswerFailure,
  type AnswerHandler,
  type AnswerRequest,
  type Job,
  type JobContext,
  type JobHandler,
  type TaskHandlerOptions,
} from './task-handlers/task-handler.js';
export { TaskFailure } from './task-dispatch/task-executor.js';
export type { Json, ProfileAnswer, TaskAnswer, UserChange, Variables } from '@xflow/engine';
