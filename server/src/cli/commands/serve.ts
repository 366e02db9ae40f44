import type { WorkflowSummary } from '@xflow/schemas';
import type { ServerRole } from '../../database/server-identity.js';
import type { RunningServer } from '../../main/create-server.js';
import { resolve } from 'node:path';
import { ApiClient } from '../api-client.js';
import { CommandError, exitCode } from '../command-error.js';
import { deployExamples } from '../deploy-examples.js';
import { StopSignal } from '../stop-signal.js';
import type { Terminal } from '../terminal.js';

/** Milliseconds that a stop may take. */
const stopsWithin = 30_000;

export interface ServeCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  /** True: begins now; text: ISO 8601. */
  readonly testClock?: boolean | string;
  readonly handlers?: readonly string[];
  readonly examples: boolean;
  readonly role: ServerRole;
}

/** `xflow serve`: returns when the server has been told to stop, and has stopped. */
export async function serveCommand(options: ServeCommandOptions, terminal: Terminal): Promise<void> {
  const testClock = readTestClock(options.testClock);
  const stop = new StopSignal(terminal);
  try {
    await serveUntil(stop.requested, options, testClock, terminal);
  } finally {
    stop.close();
  }
}

async function serveUntil(
  stop: Promise<void>,
  options: ServeCommandOptions,
  testClock: boolean | { beginsAt: number },
  terminal: Terminal,
): Promise<void> {
  // The server's code is loaded only here: it takes longer than anything above.
  const { loadHandlers } = await import('../handlers/load-handlers.js');
  const { createServer } = await import('../../main/create-server.js');
  const handlers = await loadHandlers(options.handlers ?? [], terminal);
  const data = resolve(terminal.cwd, options.data);
  const { port, host, role } = options;
  const server = await createServer({ port, host, data, handlers, testClock, role }).catch((error: unknown) => {
    throw new CommandError(`The server did not start: ${(error as Error).message}`);
  });
  try {
    if (role === 'all' || role === 'api') await greet(server.url, options, terminal);
    else terminal.out(`xflow works as ${role}; ${server.url}/api/health tells whether it can. Ctrl-C stops it.`);
    await stop;
    terminal.out(
      'Stopping: what was accepted is finished first. Ctrl-C again stops at once; nothing is lost either way.',
    );
  } finally {
    await closeInTime(server);
  }
  terminal.out('Stopped.');
}

/** Deploys the examples into a fresh database, and tells what to try. */
async function greet(url: string, options: ServeCommandOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient(url);
  const { items } = await client.request<{ items: WorkflowSummary[] }>({ method: 'GET', path: '/workflows' });
  if (options.examples && items.length === 0) {
    const loaded = (options.handlers ?? []).map((file) => resolve(terminal.cwd, file));
    await deployExamples(client, loaded, terminal);
  }
  greeting(url, options).forEach(terminal.out);
}

/** @throws when what is under way does not end in time: the process then goes without waiting. */
async function closeInTime(server: RunningServer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), stopsWithin)));
  const outcome = await Promise.race([server.close(), late]);
  clearTimeout(timer);
  if (outcome !== 'late') return;
  // What hangs would keep the process alive.
  process.exitCode = exitCode.failed;
  setImmediate(() => process.exit());
  throw new CommandError(
    `What was under way did not end within ${stopsWithin / 1_000} s; the server stops without it. Nothing is lost: another server, or the next start, goes on.`,
  );
}

function readTestClock(option: boolean | string | undefined): boolean | { beginsAt: number } {
  if (typeof option !== 'string') return option ?? false;
  const beginsAt = Date.parse(option);
  if (Number.isFinite(beginsAt)) return { beginsAt };
  throw new CommandError(`--test-clock "${option}" is not a time. Write it like 2026-01-05T09:00:00Z.`, exitCode.usage);
}

function greeting(url: string, { port, testClock, examples }: ServeCommandOptions): string[] {
  const at = url === 'http://127.0.0.1:3000' ? '' : ` --url ${url}`;
  const moved = port === 0 || url.endsWith(`:${port}`) ? [] : [`Port ${port} is taken, so another one is used.`, ''];
  const json = "-H 'content-type: application/json'";
  const clock = [`  curl ${url}/api/clock/advance ${json} -d '{ "by": "P3D" }'`];
  return [
    `xflow serves on ${url}`,
    '',
    ...moved,
    'Open',
    `  ${url}/          modeler and console`,
    `  ${url}/api/docs  the API`,
    '',
    'Try',
    `  curl -X PUT ${url}/api/users/ada ${json} -d '{ "attributes": { "email": "ada@customers.example" } }'`,
    examples ? `  npx xflow start new-user-onboarding --user ada${at}` : `  npx xflow deploy my-journey.bpmn${at}`,
    `  curl ${url}/api/users/ada/lifecycle`,
    `  curl ${url}/api/mailbox`,
    ...(testClock === undefined || testClock === false ? [] : clock),
    '',
    'Ctrl-C stops it.',
  ];
}
