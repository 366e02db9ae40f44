import type { HistoryEvent } from '@xflow/schemas';

/** What an event of a history is about, so that a long history can be read for one thing. */
export const eventGroups = ['path', 'waits', 'work', 'variables', 'user', 'trouble'] as const;
export type EventGroup = (typeof eventGroups)[number];

const beginnings: readonly (readonly [string, EventGroup])[] = [
  ['timer-', 'waits'],
  ['message-', 'waits'],
  ['signal-', 'waits'],
  ['condition-', 'waits'],
  ['task-', 'work'],
  ['question-', 'work'],
  ['reach-', 'work'],
  ['variables-', 'variables'],
  ['user-', 'user'],
  ['arm-', 'user'],
  ['incident-', 'trouble'],
  ['error-', 'trouble'],
  ['escalation-', 'trouble'],
];

/** Kinds of a later server belong to the path, which has all that is nothing else. */
export function eventGroup({ kind }: Pick<HistoryEvent, 'kind'>): EventGroup {
  if (kind === 'task-failed') return 'trouble';
  return beginnings.find(([beginning]) => kind.startsWith(beginning))?.[1] ?? 'path';
}
