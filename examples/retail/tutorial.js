/**
 * Runs the commands of docs/tutorial-retail.md, in full, against a server of its own: a fresh data folder, a free port, a clock
 * that stands at the end of the data. Prints what came of it; the exit code is 1 when a figure is not as it must be.
 *
 *   npm run tutorial [-- FILE] [-- --kill]
 *
 * FILE is the Online Retail data set or a file of its shape (.csv, .csv.gz, .csv.xz); default the small invented one beside this script.
 * `--kill` kills the server with SIGKILL in the middle of the journey, twice, and starts it again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const xflow = here('../../server/bin/xflow.js');
const endOfData = '2011-12-10T00:00:00Z';
const threeDaysLater = '2011-12-13T00:00:00Z';
/** Milliseconds that nothing here may take. */
const patience = 120_000;

/** The server as a process of its own, that can be killed and started again on the same data. */
class Server {
  url = '';
  peakRss = 0;
  #process = null;
  #port = 0;

  constructor(folder) {
    this.folder = folder;
  }

  async start() {
    const data = join(this.folder, '.xflow');
    const args = ['serve', '--port', String(this.#port), '--data', data, `--test-clock=${endOfData}`];
    this.#process = spawn(process.execPath, [xflow, ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    this.#process.stderr.setEncoding('utf8').on('data', (text) => printed.push(text));
    const failed = once(this.#process, 'exit').then(() => {
      throw new Error(`The server did not start.\n${printed.join('')}`);
    });
    this.url = await Promise.race([failed, this.#readUrl(printed)]);
    failed.catch(() => undefined);
    this.#port = Number(new URL(this.url).port);
  }

  async #readUrl(printed) {
    const lines = createInterface({ input: this.#process.stdout });
    return new Promise((found) => {
      lines.on('line', (line) => {
        printed.push(`${line}\n`);
        const url = /https?:\/\/[\d.:[\]a-z]+:\d+/.exec(line);
        if (url) found(url[0]);
      });
    });
  }

  async kill() {
    await this.measure();
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
  }

  async stop() {
    if (this.#process === null || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    await this.measure();
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await exit;
  }

  /** Notes the peak of the resident memory so far, in MB. Only Linux tells it. */
  async measure() {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8').catch(() => '');
    const peak = /VmHWM:\s+(\d+) kB/.exec(status);
    if (peak) this.peakRss = Math.max(this.peakRss, Number(peak[1]) / 1024);
  }

  async request(method, path, body, headers = {}) {
    const response = await globalThis.fetch(`${this.url}/api${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

/** Runs `xflow` with these arguments and returns what it printed. */
async function run(args, folder) {
  const child = spawn(process.execPath, [xflow, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`xflow ${args[0]} failed with exit code ${code}.\n${output}`);
  return output;
}

const phases = [];
async function phase(name, work) {
  const begin = performance.now();
  const result = await work();
  const seconds = (performance.now() - begin) / 1_000;
  phases.push([name, seconds]);
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
  return result;
}

async function all(server, path) {
  const items = [];
  for (let cursor = null; ;) {
    const separator = path.includes('?') ? '&' : '?';
    const page = await server.request('GET', cursor ? `${path}${separator}cursor=${encodeURIComponent(cursor)}` : path);
    items.push(...page.items);
    cursor = page.nextCursor ?? null;
    if (cursor === null) return items;
  }
}

function countTiers(users) {
  const tiers = {};
  for (const { tier } of users) tiers[tier ?? 'none'] = (tiers[tier ?? 'none'] ?? 0) + 1;
  return tiers;
}

/** How many customers belong into each tier, by the rules of the ladder and not by the journey. */
async function expectedTiers(server, ladder, customers) {
  const reached = [];
  for (const { rule } of ladder.tiers)
    reached.push((await server.request('POST', '/segments/evaluate', { rule })).size);
  const tiers = {};
  // A customer has the highest tier whose rule is met; the rules of this ladder include each other from the top down.
  ladder.tiers.forEach(({ tier }, index) => {
    const count = reached[index] - (reached[index + 1] ?? 0);
    if (count > 0) tiers[tier] = count;
  });
  if (customers > reached[0]) tiers.none = customers - reached[0];
  return tiers;
}

async function counts(server) {
  const { items } = await server.request('GET', '/workflows');
  return items.find(({ key }) => key === 'vip-upgrade').instances;
}

async function until(what, met) {
  const giveUpAt = Date.now() + patience;
  while (!(await met())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited ${patience / 1_000} s in vain until ${what}.`);
    await delay(50);
  }
}

/** Sends a request, and kills the server with SIGKILL as soon as there is something to lose. Then starts it again. */
async function killDuring(server, send, hasBegun) {
  const answer = send().then(
    () => 'was answered before',
    () => 'got no answer',
  );
  await until('something is under way', hasBegun);
  const { active, completed } = await counts(server);
  await server.kill();
  console.log(`          killed with ${active} instances active, ${completed} completed; the request ${await answer}`);
  await server.start();
}

function table(title, rows) {
  console.log(`\n${title}`);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) {
    console.log(
      `  ${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en').padStart(9) : value}`,
    );
  }
}

const failures = [];
/** Values may be plain objects of numbers. */
function check(what, actual, expected) {
  const sorted = (value) => JSON.stringify(typeof value === 'object' ? Object.entries(value).sort() : value);
  if (sorted(actual) !== sorted(expected)) {
    failures.push(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}.`);
  }
}

async function tutorial(server, file, { kill }) {
  await phase('start the server, deploy the examples', () => server.start());
  const folder = server.folder;

  const { totals } = await phase('import the file', async () => {
    const args = ['import', file, '--mapping', here('mapping.json'), '--url', server.url, '--json'];
    return JSON.parse(await run(args, folder));
  });
  check(
    'rows that are accounted for',
    totals.events + totals.duplicates + totals.withoutEvent + totals.rejected,
    totals.rows,
  );

  const ladder = JSON.parse(await readFile(here('../vip-upgrade/ladders/loyalty.json'), 'utf8'));
  const { users, expected, bigSpenders, returners } = await phase(
    'define a segment, evaluate segments and ladder',
    async () => {
      const segment = {
        id: 'returners',
        name: 'Returners',
        description: 'Sent goods back within the last 90 days.',
        rule: { event: 'purchase', aggregate: 'min', of: 'amount', window: 'P90D', operator: 'lt', value: 0 },
      };
      await server.request('POST', '/segments', segment);
      const customers = await all(server, '/users?limit=1000');
      return {
        users: customers,
        expected: await expectedTiers(server, ladder, customers.length),
        bigSpenders: (await server.request('POST', '/segments/evaluate', { segment: 'big-spenders' })).size,
        returners: (await server.request('POST', '/segments/evaluate', { segment: 'returners' })).size,
      };
    },
  );

  const request = { users: users.map(({ id }) => ({ userId: id })) };
  const startAll = () =>
    server.request('POST', '/workflows/vip-upgrade/start', request, { 'idempotency-key': 'tutorial' });
  await phase('start vip-upgrade for every customer', async () => {
    if (kill) await killDuring(server, startAll, async () => (await counts(server)).completed > 0);
    // Whoever cannot know whether the answer was lost sends the request again; the key keeps it from starting anything twice.
    const { instances } = await startAll();
    check('instances started', instances.length, users.length);
  });
  await phase('run it up to the wait of three days', () =>
    until('all big spenders wait', async () => {
      const { active, completed } = await counts(server);
      return active === bigSpenders && completed === users.length - bigSpenders;
    }),
  );
  await phase('let three days pass, run it to the end', async () => {
    const advance = () => server.request('POST', '/clock/advance', { to: threeDaysLater });
    if (kill) {
      const before = (await counts(server)).completed;
      await killDuring(server, advance, async () => (await counts(server)).completed > before);
    }
    await advance();
    await until('all instances are completed', async () => (await counts(server)).active === 0);
  });

  const instances = await counts(server);
  const after = await all(server, '/users?limit=1000');
  const upgrades = await all(server, '/ladders/loyalty/upgrades?limit=1000');
  const mails = await all(server, '/mailbox?limit=1000');
  check('instances completed', instances.completed, users.length);
  check('instances with an incident', instances.incidents, 0);
  check('customers after the journey', after.length, users.length);
  check('tiers after the journey', countTiers(after), expected);
  check('upgrades', upgrades.length, users.length - (expected.none ?? 0));
  check('invitations sent', mails.length, bigSpenders);

  table('Import', [
    ['rows', totals.rows],
    ['customers imported', users.length],
    ['purchases', totals.events],
    ['rows without a price (no purchase)', totals.withoutEvent],
    ['rows rejected', totals.rejected],
    ...Object.entries(totals.reasons).map(([reason, count]) => [`  ${reason}`, count]),
  ]);
  table('Segments', [
    ['big-spenders', bigSpenders],
    ['returners', returners],
  ]);
  table('Journey', [
    ['instances completed', instances.completed],
    ['instances not completed', users.length - instances.completed],
    ['invitations sent', mails.length],
  ]);
  table('Tiers before and after', tierRows(ladder, countTiers(users), countTiers(after)));
  await server.measure();
  table(
    'Seconds',
    phases.map(([name, seconds]) => [name, seconds.toFixed(1).padStart(9)]),
  );
  if (server.peakRss > 0) console.log(`\nThe server's memory was at most ${Math.round(server.peakRss)} MB.`);
}

function tierRows(ladder, before, after) {
  return ['none', ...ladder.tiers.map(({ tier }) => tier)].map((tier) => {
    return [
      tier,
      `${(before[tier] ?? 0).toLocaleString('en').padStart(9)} ${(after[tier] ?? 0).toLocaleString('en').padStart(9)}`,
    ];
  });
}

const args = process.argv.slice(2);
const kill = args.includes('--kill');
const file = resolve(args.find((arg) => !arg.startsWith('--')) ?? here('orders.csv'));
const folder = await mkdtemp(join(tmpdir(), 'xflow-tutorial-'));
const server = new Server(folder);
const cleanUp = async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
};
process.once('SIGINT', () => void cleanUp().then(() => process.exit(130)));
try {
  await tutorial(server, file, { kill });
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
} finally {
  await cleanUp();
}
if (failures.length > 0) {
  console.error(`\nThe tutorial did not come out as it must:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log('\nEverything came out as it must.');
}
