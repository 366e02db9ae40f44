import type { TaskType } from '@xflow/schemas';

/**
 * Task types that workers outside do, as XFLOW_WORKER_TYPES lists them (`charge-card, send-sms`): diagrams may name them as if
 * a handler had them. Their inputs are whatever the diagram gives.
 * @throws an Error that tells which of them is no name of a type: the server does not start.
 */
export function workerTypes(environment: Readonly<Record<string, string | undefined>>): TaskType[] {
  const names = (environment['XFLOW_WORKER_TYPES'] ?? '').split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))].map((type) => {
    if (!taskTypeName.test(type))
      throw new Error(
        `XFLOW_WORKER_TYPES lists "${type}", which cannot be a task type. Write at most 100 letters, digits, _, ., : and -, with commas in between.`,
      );
    return { type, kind: 'job', title: type, description: 'Done by workers outside.', schema: { type: 'object' } };
  });
}

/** What a task type may be called. */
export const taskTypeName = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;
