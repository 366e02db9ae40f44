import type { Input } from '@xflow/engine';
import { ConflictError } from '../http-problems/problem-error.js';

/**
 * Whether an operator does it: then it is done to a suspended instance, too. What comes from outside (time, messages, signals, results,
 * called instances) waits for the resumption.
 */
export function isOperators(kind: Input['kind']): boolean {
  return operators.has(kind);
}

const operators: ReadonlySet<Input['kind']> = new Set([
  'cancelled',
  'modified',
  'migrated',
  'variables-set',
  'incident-resolved',
] as const);

export const suspended = (instanceId: string): Error =>
  new ConflictError(
    `Instance ${instanceId} is suspended, and takes nothing from outside. Resume it first (POST /api/instances/${instanceId}/resume).`,
  );
