import type { Problem } from '@xflow/schemas';

export function errorProblem(rule: string, elementId: string | null, message: string, remedy: string): Problem {
  return { level: 'error', rule, elementId, message, remedy };
}
