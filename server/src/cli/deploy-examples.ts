import { existsSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiClient } from './api-client.js';
import { CommandError } from './command-error.js';
import { deployPath } from './story-folder.js';
import type { Terminal } from './terminal.js';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

/**
 * Deploys every story below examples/, where there are any. One that brings a task handler of its own is deployed only
 * when its handler is loaded. What cannot be deployed is told, and does not keep the server from serving.
 * @param handlers Paths of the handler files that this server has loaded.
 */
export async function deployExamples(
  client: ApiClient,
  handlers: readonly string[],
  terminal: Terminal,
): Promise<void> {
  if (!existsSync(examples)) return;
  for (const { name } of readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const folder = join(examples, name);
    const files = readdirSync(folder);
    const needsHandler = files.some((file) => extname(file) === '.ts' && !file.endsWith('.spec.ts'));
    const isStory = files.includes('process.bpmn');
    if (!isStory || (needsHandler && !handlers.some((handler) => dirname(handler) === folder))) continue;
    try {
      await deployPath(folder, client);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      terminal.err(`The example ${name} is not deployed. ${error.message}`);
    }
  }
}
