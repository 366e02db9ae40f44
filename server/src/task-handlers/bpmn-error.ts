import type { Variables } from '@xflow/engine';

/**
 * Thrown by a job handler for a failure that the diagram foresees: the nearest error boundary event with this code (or
 * with none) catches it; without one it becomes an incident. Never retried.
 */
export class BpmnError extends Error {
  constructor(
    readonly code: string,
    message?: string,
    /** Set in the scope of the boundary event that catches it. */
    readonly variables?: Variables,
  ) {
    super(message ?? `The task threw the BPMN error ${code}.`);
    this.name = 'BpmnError';
  }
}
