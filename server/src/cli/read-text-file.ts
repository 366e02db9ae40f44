import { readFile } from 'node:fs/promises';
import { CommandError, exitCode } from './command-error.js';

/** @param what The file's part in the command, for the sentence when it cannot be read: `diagram`, `mapping`. */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new CommandError(`The ${what} ${path} cannot be read: ${reason}.`, exitCode.usage);
  }
}
