import type { CompileOptions } from '@xflow/engine';
import { taskCatalog } from '@xflow/schemas';
import type { Terminal } from '../terminal.js';

/** What the compiler must know beside the diagram; without handlers of one's own nothing, and the server's code is not loaded. */
export async function compileOptions(
  handlers: readonly string[] | undefined,
  terminal: Terminal,
): Promise<CompileOptions> {
  if (handlers === undefined) return {};
  const { taskTypesOf } = await import('./task-types-of.js');
  const { loadHandlers } = await import('./load-handlers.js');
  return { taskTypes: { ...taskCatalog, ...taskTypesOf(await loadHandlers(handlers, terminal)) } };
}
