import { compile, compileDecisions, type CompileOptions, type Decision, type Definition } from '@xflow/engine';
import { runScenario } from '@xflow/engine/testing';
import { dirname, resolve } from 'node:path';
import { CommandError, exitCode } from '../command-error.js';
import { compileOptions } from '../handlers/compile-options.js';
import { problemLine } from '../problem-line.js';
import { readTextFile } from '../read-text-file.js';
import type { Terminal } from '../terminal.js';

export interface SimulateCommandOptions {
  readonly scenario: string;
  readonly handlers?: readonly string[];
}

/** `xflow simulate FILE --scenario S`: the trace to standard output, a record a line; what did not come about to standard error. */
export async function simulateCommand(
  file: string,
  options: SimulateCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const scenarioFile = resolve(terminal.cwd, options.scenario);
  const scenario = await readScenario(scenarioFile);
  const diagrams = [resolve(terminal.cwd, file), ...filesOf(scenario, 'workflows', scenarioFile)];
  const definitions = await compileAll(diagrams, await compileOptions(options.handlers, terminal), terminal);
  const decisions = await compileAllDecisions(filesOf(scenario, 'decisions', scenarioFile), terminal);
  const { ok, failures, trace } = runScenario({ definitions, decisions, scenario });
  for (const record of trace) terminal.out(JSON.stringify(record));
  if (!ok) throw new CommandError(failures.join('\n'));
}

async function readScenario(path: string): Promise<unknown> {
  const text = await readTextFile(path, 'scenario');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`The scenario ${path} is not JSON: ${(error as Error).message}.`, exitCode.usage);
  }
}

/** Paths of the scenario's files of a part, relative to the scenario. Whether they have the right shape is checked when it is run. */
function filesOf(scenario: unknown, part: 'workflows' | 'decisions', scenarioFile: string): string[] {
  const paths = ((scenario ?? {}) as { workflows?: unknown; decisions?: unknown })[part];
  if (!Array.isArray(paths)) return [];
  return paths.filter((path) => typeof path === 'string').map((path) => resolve(dirname(scenarioFile), path));
}

async function compileAllDecisions(files: readonly string[], terminal: Terminal): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let failed = false;
  for (const file of files) {
    const result = compileDecisions(await readTextFile(file, 'decision file'));
    result.problems.forEach((problem) => terminal.err(problemLine(file, problem)));
    if (result.ok) decisions.push(...result.decisions);
    else failed = true;
  }
  // The lines above have said why.
  if (failed) throw new CommandError('');
  return decisions;
}

async function compileAll(files: readonly string[], known: CompileOptions, terminal: Terminal): Promise<Definition[]> {
  const definitions: Definition[] = [];
  let failed = false;
  for (const file of files) {
    const result = await compile(await readTextFile(file, 'diagram'), known);
    result.problems.forEach((problem) => terminal.err(problemLine(file, problem)));
    if (result.ok) definitions.push(...result.definitions);
    else failed = true;
  }
  // The lines above have said why.
  if (failed) throw new CommandError('');
  return definitions;
}
