export { BpmnError } from '../task-handlers/bpmn-error.js';
export { Worker, type WorkerOptions, type WorkerTask } from './worker.js';
