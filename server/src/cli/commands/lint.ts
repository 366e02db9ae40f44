import { compile, type AnalysisFinding, type Problem } from '@xflow/engine';
import { resolve } from 'node:path';
import { analyseDiagram, findingLines } from '../analyse-diagram.js';
import { CommandError } from '../command-error.js';
import { compileOptions } from '../handlers/compile-options.js';
import { problemLine } from '../problem-line.js';
import { readTextFile } from '../read-text-file.js';
import type { Terminal } from '../terminal.js';

export interface LintCommandOptions {
  readonly handlers?: readonly string[];
  readonly json?: boolean;
  /** Explore the behaviour of diagrams without errors, too. */
  readonly analyse?: boolean;
  readonly maxStates?: number;
}

/** `xflow lint FILE...`: a line a problem, or all of them as JSON. Fails when one of them is an error. */
export async function lintCommand(
  files: readonly string[],
  options: LintCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const known = await compileOptions(options.handlers, terminal);
  const found: ((Problem | AnalysisFinding) & { readonly file: string })[] = [];
  for (const file of files) {
    const compiled = await compile(await readTextFile(resolve(terminal.cwd, file), 'diagram'), known);
    for (const problem of compiled.problems) found.push({ file, ...problem });
    if (!options.json) compiled.problems.forEach((problem) => terminal.out(problemLine(file, problem)));
    if (compiled.ok && !options.json)
      for (const { elementId, from, to } of compiled.mappings)
        terminal.out(`${file}: mapping ${elementId}: ${from} is read as ${to}`);
    if (options.analyse !== true || !compiled.ok) continue;
    const { findings, remarks } = analyseDiagram(file, compiled.definitions, options.maxStates ?? 20_000);
    for (const finding of findings) {
      found.push({ file, ...finding });
      if (!options.json) findingLines(file, finding).forEach((line) => terminal.out(line));
    }
    remarks.forEach((line) => terminal.err(line));
  }
  if (options.json) terminal.out(JSON.stringify(found, null, 2));
  // The lines above have said it all.
  if (found.some(({ level }) => level === 'error')) throw new CommandError('');
}
