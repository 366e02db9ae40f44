export type { Json, Variables } from './json.js';
export type * from './input.js';
export type * from './effect.js';
export type * from './question.js';
export type * from './definition.js';
export type { UserChange } from './user-change.js';
export type { HistoryEvent, Problem, TaskType } from '@xflow/schemas';
