import { access } from 'node:fs/promises';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError, exitCode } from '../command-error.js';
import type { Terminal } from '../terminal.js';
import { type HandlerClass, isHandlerClass } from './task-types-of.js';

/** The classes with `@TaskHandler` that these files export. All files that cannot be used are reported together. */
export async function loadHandlers(files: readonly string[], terminal: Terminal): Promise<HandlerClass[]> {
  if (files.some((file) => file.endsWith('ts'))) await compileTypeScript();
  const classes: HandlerClass[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const path = resolve(terminal.cwd, file);
    try {
      await access(path);
      const exported = Object.values((await import(pathToFileURL(path).href)) as Record<string, unknown>);
      const found = exported.filter(isHandlerClass);
      classes.push(...found);
      if (found.length === 0) problems.push(`${file} exports no class with @TaskHandler.`);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      problems.push(code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be loaded: ${message}`);
    }
  }
  if (problems.length > 0) throw new CommandError(problems.join('\n'), exitCode.usage);
  return classes;
}

async function compileTypeScript(): Promise<void> {
  try {
    await import('@swc/core');
  } catch {
    throw new CommandError(
      'Handlers in TypeScript are compiled by @swc/core, which is not installed. Run `npm install @swc/core`, or compile them and name the .js files.',
      exitCode.usage,
    );
  }
  register('./typescript-hooks.js', import.meta.url);
}
