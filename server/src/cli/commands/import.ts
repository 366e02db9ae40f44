import { SingleBar } from 'cli-progress';
import { resolve } from 'node:path';
import { ApiClient } from '../api-client.js';
import { CommandError, exitCode } from '../command-error.js';
import { importFile, type ImportProgress, type ImportReport } from '../import/import-file.js';
import type { Mapping } from '../import/mapping.js';
import { readMapping } from '../import/read-mapping.js';
import { readTextFile } from '../read-text-file.js';
import type { Terminal } from '../terminal.js';

export interface ImportCommandOptions {
  readonly url: string;
  readonly mapping: string;
  readonly rejects?: string;
  readonly restart?: boolean;
  readonly json?: boolean;
}

/** Milliseconds between two lines of progress where there is no terminal to redraw. */
const progressInterval = 5_000;

/** `xflow import FILE --mapping M` */
export async function importCommand(file: string, options: ImportCommandOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient(options.url);
  const mapping = await loadMapping(resolve(terminal.cwd, options.mapping));
  const progress = showProgress(terminal);
  const startedAt = performance.now();
  try {
    const report = await importFile({
      file: resolve(terminal.cwd, file),
      mapping,
      client,
      checkpoints: resolve(terminal.cwd, '.xflow', 'imports'),
      restart: options.restart ?? false,
      rejectsFile: options.rejects === undefined ? null : resolve(terminal.cwd, options.rejects),
      onProgress: progress.update,
    });
    progress.stop();
    const seconds = (performance.now() - startedAt) / 1_000;
    if (options.json) terminal.out(JSON.stringify({ ...report, seconds: Number(seconds.toFixed(2)) }));
    else describe(file, report, seconds, options).forEach(terminal.out);
  } catch (error) {
    progress.stop();
    if (error instanceof CommandError && progress.hasBegun()) {
      throw new CommandError(
        `${error.message}\nThe import stopped on its way. The same command again goes on from there.`,
        error.code,
      );
    }
    throw error;
  }
}

async function loadMapping(path: string): Promise<Mapping> {
  const text = await readTextFile(path, 'mapping');
  const result = readMapping(text);
  if (result.ok) return result.mapping;
  const problems = result.problems.map((problem) => `  ${problem}`);
  throw new CommandError([`The mapping ${path} cannot be used:`, ...problems].join('\n'), exitCode.usage);
}

function showProgress(terminal: Terminal) {
  const bar = terminal.isInteractive
    ? new SingleBar({
        format: 'import {bar} {percentage} % | {rows} rows | {events} events | {rejected} rejected',
        hideCursor: true,
      })
    : null;
  let begun = false;
  let lastLine = performance.now();

  const update = ({ bytesRead, size, totals }: ImportProgress): void => {
    const figures = { rows: number(totals.rows), events: number(totals.events), rejected: number(totals.rejected) };
    if (bar && !begun) bar.start(100, 0, figures);
    begun = true;
    const percent = size === 0 ? 100 : Math.floor((bytesRead / size) * 100);
    bar?.update(percent, figures);
    if (bar || performance.now() - lastLine < progressInterval) return;
    lastLine = performance.now();
    terminal.err(`${percent} %: ${figures.rows} rows, ${figures.events} events, ${figures.rejected} rejected`);
  };
  return { update, stop: () => bar?.stop(), hasBegun: () => begun };
}

function describe(
  file: string,
  { totals, resumedAfter, firstRejects }: ImportReport,
  seconds: number,
  options: ImportCommandOptions,
): string[] {
  const lines = [`Imported ${file} in ${seconds.toFixed(1)} s.`];
  if (resumedAfter > 0)
    lines.push(`It went on after line ${number(resumedAfter)}; the figures are those of the whole file.`);
  const figure = (name: string, value: number, note = '') =>
    lines.push(`  ${name.padEnd(14)} ${number(value).padStart(11)}${note}`);
  figure('rows', totals.rows);
  figure('users', totals.users, '  (sent when new or changed)');
  figure('events', totals.events);
  if (totals.duplicates > 0) figure('known events', totals.duplicates, '  (nothing changed)');
  if (totals.withoutEvent > 0)
    figure('without event', totals.withoutEvent, '  (the condition of the mapping, or no event in it)');
  figure('rejected', totals.rejected);
  for (const [reason, count] of Object.entries(totals.reasons).sort(([, a], [, b]) => b - a)) {
    lines.push(`    ${number(count).padStart(11)}  ${reason}`);
  }
  if (firstRejects.length > 0) {
    lines.push('First rejected rows:', ...firstRejects.map(({ line, reason }) => `  line ${line}: ${reason}`));
    lines.push(
      options.rejects === undefined ? 'All of them: import with --rejects FILE.' : `All of them: ${options.rejects}`,
    );
  }
  return lines;
}

const number = (value: number): string => value.toLocaleString('en');
