import type { Problem, TaskType } from '@xflow/schemas';

/**
 * The problems of a diagram, found by the engine in this page. The engine is loaded with the first check, because the
 * modeler is usable before. `taskTypes` are the server's, null as long as it has not answered: then the shipped ones.
 */
export async function findProblems(
  xml: string,
  taskTypes: Readonly<Record<string, TaskType>> | null,
): Promise<readonly Problem[]> {
  const { lint } = await import('@xflow/engine');
  return lint(xml, taskTypes === null ? {} : { taskTypes });
}
