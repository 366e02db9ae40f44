import type { TaskType } from '@xflow/schemas';

/** Diagram service `knownNames`: what the server knows, to suggest it in fields. Empty until the server has answered. */
export interface KnownNames {
  segments: readonly string[];
  ladders: readonly string[];
  templates: readonly string[];
  workflows: readonly string[];
  taskTypes: Readonly<Record<string, TaskType>>;
}

export function noKnownNames(): KnownNames {
  return { segments: [], ladders: [], templates: [], workflows: [], taskTypes: {} };
}
