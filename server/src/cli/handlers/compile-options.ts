import type { CompileOptions } from '@xflow/engine';
import { taskCatalog } from '@xflow/schemas';
import { workerTypes } from '../../task-handlers/worker-types.js';
import type { Terminal } from '../terminal.js';

/** What the compiler must know beside the diagram; without handlers of one's own nothing, and the server's code is not loaded. */
export async function compileOptions(
  handlers: readonly string[] | undefined,
  terminal: Terminal,
): Promise<CompileOptions> {
  const ofWorkers = Object.fromEntries(workerTypes(process.env).map((type) => [type.type, type]));
  if (handlers === undefined) return { taskTypes: { ...ofWorkers, ...taskCatalog } };
  const { taskTypesOf } = await import('./task-types-of.js');
  const { loadHandlers } = await import('./load-handlers.js');
  return { taskTypes: { ...ofWorkers, ...taskCatalog, ...taskTypesOf(await loadHandlers(handlers, terminal)) } };
}
