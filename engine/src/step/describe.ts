import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';

/** How sentences for people name an element: `"Send offer" (Task_1)`, or its id alone where it has no name. */
export function describeNode({ id, name }: FlowNode): string {
  return name === null || name === '' ? id : `"${name}" (${id})`;
}

/** How sentences for people name a workflow: by its name, else by its key. */
export function describeWorkflow({ key, name }: Definition): string {
  return `"${name === null || name === '' ? key : name}"`;
}
