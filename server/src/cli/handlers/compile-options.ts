import type { CompileOptions } from '@xflow/engine';
import type { Terminal } from '../terminal.js';

/** What the compiler must know beside the diagram; without handlers of one's own nothing, and the server's code is not loaded. */
export async function compileOptions(
  handlers: readonly string[] | undefined,
  terminal: Terminal,
): Promise<CompileOptions> {
  if (handlers === undefined) return {};
  const { loadTaskTypes } = await import('./load-handlers.js');
  return { taskTypes: await loadTaskTypes(handlers, terminal) };
}
