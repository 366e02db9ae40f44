import { lint, type Problem } from '@xflow/engine';
import { resolve } from 'node:path';
import { CommandError } from '../command-error.js';
import { compileOptions } from '../handlers/compile-options.js';
import { problemLine } from '../problem-line.js';
import { readTextFile } from '../read-text-file.js';
import type { Terminal } from '../terminal.js';

export interface LintCommandOptions {
  readonly handlers?: readonly string[];
  readonly json?: boolean;
}

/** `xflow lint FILE...`: a line a problem, or all of them as JSON. Fails when one of them is an error. */
export async function lintCommand(
  files: readonly string[],
  options: LintCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const known = await compileOptions(options.handlers, terminal);
  const found: (Problem & { readonly file: string })[] = [];
  for (const file of files) {
    const xml = await readTextFile(resolve(terminal.cwd, file), 'diagram');
    for (const problem of await lint(xml, known)) found.push({ file, ...problem });
  }
  if (options.json) terminal.out(JSON.stringify(found, null, 2));
  else found.forEach((problem) => terminal.out(problemLine(problem.file, problem)));
  // The lines above have said it all.
  if (found.some(({ level }) => level === 'error')) throw new CommandError('');
}
