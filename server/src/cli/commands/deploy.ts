import { resolve } from 'node:path';
import { ApiClient } from '../api-client.js';
import { CommandError } from '../command-error.js';
import { deployPath } from '../story-folder.js';
import type { Terminal } from '../terminal.js';

export interface DeployCommandOptions {
  readonly url: string;
  /** Diagrams become drafts, which start nothing until they are published. */
  readonly draft?: boolean;
}

/** `xflow deploy PATH...`: goes on after a path that is refused, and fails at the end. */
export async function deployCommand(
  paths: readonly string[],
  options: DeployCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const client = new ApiClient(options.url);
  const failures: CommandError[] = [];
  for (const path of paths) {
    try {
      (await deployPath(resolve(terminal.cwd, path), client, options)).forEach(terminal.out);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length === 0) return;
  throw new CommandError(failures.map(({ message }) => message).join('\n'), failures[0]!.code);
}
