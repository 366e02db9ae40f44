import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CommandError, exitCode } from './command-error.js';
import type { DeployCommandOptions } from './commands/deploy.js';
import type { PublishCommandOptions } from './commands/publish.js';
import type { ImportCommandOptions } from './commands/import.js';
import type { LintCommandOptions } from './commands/lint.js';
import type { ServeCommandOptions } from './commands/serve.js';
import type { SimulateCommandOptions } from './commands/simulate.js';
import type { StartCommandOptions } from './commands/start.js';
import { processTerminal, type Terminal } from './terminal.js';

const defaultUrl = 'http://127.0.0.1:3000';

/**
 * Runs `xflow` with these arguments.
 * @returns The exit code: see {@link exitCode}. Expected failures are printed as sentences; only a bug throws.
 */
export async function xflow(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    await buildProgram(terminal).parseAsync([...args], { from: 'user' });
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (!(error instanceof CommandError)) throw error;
    if (error.message !== '') terminal.err(error.message);
    return error.code;
  }
}

/** Every command loads its own file only when it runs: `lint` shall not wait for the server's code. */
function buildProgram(terminal: Terminal): Command {
  const program = new Command('xflow')
    .description('BPMN lifecycle workflow engine: serve, deploy, publish, start, lint, simulate, import.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('(xflow --help lists the commands, xflow COMMAND --help their options)');
  const url = () => new Option('--url <url>', 'root of the server').default(terminal.env['XFLOW_URL'] || defaultUrl);

  program
    .command('serve')
    .description('start the server: API, modeler and console on one port')
    .option('--port <port>', 'port to listen on; 0: any free one', wholeNumber(0, 65_535), 3000)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--data <dir>', 'folder of the embedded database', '.xflow')
    .option(
      '--test-clock [time]',
      'a clock that stands still until POST /api/clock/advance; time: where a fresh database begins (ISO 8601)',
    )
    .option('--handlers <file...>', 'files with task handlers (.js, .mjs or .ts)')
    .addOption(
      new Option('--role <role>', 'what this process is there for, where several share a database')
        .choices(['all', 'api', 'runner', 'worker'])
        .default('all'),
    )
    .option('--no-examples', 'do not deploy the examples into a fresh database')
    .action(async (options: ServeCommandOptions) => {
      await (await import('./commands/serve.js')).serveCommand(options, terminal);
    });
  program
    .command('deploy')
    .description('deploy BPMN files, or folders with segments/, ladders/, templates/ and BPMN files')
    .argument('<path...>')
    .option('--draft', 'deploy diagrams as drafts, which start nothing until they are published')
    .addOption(url())
    .action(async (paths: string[], options: DeployCommandOptions) => {
      await (await import('./commands/deploy.js')).deployCommand(paths, options, terminal);
    });
  program
    .command('publish')
    .description('make a version of a workflow the active one, which all starts go to')
    .argument('<workflow>', 'key of the workflow: id of the process')
    .argument('<version>', 'number of the version', wholeNumber(1, 2_147_483_647))
    .addOption(
      new Option('--running <what>', 'what becomes of instances of other versions')
        .choices(['stay', 'migrate', 'cancel'])
        .default('stay'),
    )
    .addOption(url())
    .action(async (workflow: string, version: number, options: PublishCommandOptions) => {
      await (await import('./commands/publish.js')).publishCommand(workflow, version, options, terminal);
    });
  program
    .command('start')
    .description('start an instance of a workflow for a user')
    .argument('<workflow>', 'key of the workflow: id of the process')
    .requiredOption('--user <id>', 'who the instance is for')
    .option('--variables <json>', 'variables to start with: a JSON object')
    .option('--start-event <id>', 'none start event to begin at, where the workflow has several')
    .option('--wait <seconds>', 'wait for the end, at most this long, and print the status', wholeNumber(0, 60))
    .addOption(url())
    .action(async (workflow: string, options: StartCommandOptions) => {
      await (await import('./commands/start.js')).startCommand(workflow, options, terminal);
    });
  program
    .command('lint')
    .description('report what is wrong or odd in BPMN files, without a server')
    .argument('<file...>')
    .option('--handlers <file...>', 'files with task handlers whose types the diagrams use')
    .option('--json', 'print the problems as JSON')
    .option('--analyse', 'explore what the processes can do: deadlocks, endless loops, ends that are never reached')
    .option('--max-states <number>', 'most states to visit with --analyse', wholeNumber(1, 10_000_000), 20_000)
    .action(async (files: string[], options: LintCommandOptions) => {
      await (await import('./commands/lint.js')).lintCommand(files, options, terminal);
    });
  program
    .command('simulate')
    .description('run a scenario on a virtual clock, without a server; prints the trace as NDJSON')
    .argument('<file>', 'BPMN file')
    .requiredOption('--scenario <file>', 'scenario: population, steps, expectations')
    .option('--handlers <file...>', 'files with task handlers whose types the diagram uses')
    .action(async (file: string, options: SimulateCommandOptions) => {
      await (await import('./commands/simulate.js')).simulateCommand(file, options, terminal);
    });
  program
    .command('import')
    .description('import users and events from a CSV or NDJSON file (.gz and .xz are unpacked)')
    .argument('<file>')
    .requiredOption('--mapping <file>', 'how rows become users and events: docs/cli.md')
    .option('--rejects <file>', 'write all rejected rows here, as NDJSON')
    .option('--restart', 'begin at the first line, even if an earlier run was stopped on its way')
    .option('--json', 'print the report as JSON')
    .addOption(url())
    .action(async (file: string, options: ImportCommandOptions) => {
      await (await import('./commands/import.js')).importCommand(file, options, terminal);
    });
  return program;
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= from && number <= to) return number;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}
