import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign, runCrashPointsOfProcess, type CampaignReport } from './campaign.js';
import type { CrashPointsReport } from './crash-points.js';
import { OpenThings } from './open-things.js';

/**
 * `npm run chaos [-- --short] [--seed S] [--instances N] [--faults N] [--mutations]`: servers under load while everything around them
 * fails, then the checks. With --mutations, bugs are planted one after the other, and each must be caught.
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    instances: { type: 'string' },
    faults: { type: 'string' },
    mutations: { type: 'boolean', default: false },
  },
});
const began = Date.now();
/** What the short form may take before its last crash point, in milliseconds: it has three minutes. */
const shortForm = 150_000;
const seed = values.seed ?? new Date().toISOString();
const short = values.short || values.mutations;
const instances = Number(values.instances ?? (short ? 2_500 : 20_000));
const faultCount = Number(values.faults ?? (short ? 35 : 500));
if (!(instances >= 1) || !(faultCount >= 0)) {
  console.error('--instances and --faults are whole numbers. Run: npm run chaos -- --short');
  process.exit(2);
}
const options = {
  seed,
  instances,
  faults: faultCount,
  rate: short ? 40 : 12,
  // The short form has three minutes, on whatever machine: what does not fit is left out, and the report says so.
  atMost: short ? 65_000 : Infinity,
  servers: 3,
  sleepOfZombies: short ? 5_000 : 30_000,
  endsWithin: short ? 60_000 : 300_000,
  tell: (line: string) => console.log(line),
};

let things = new OpenThings();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    console.error(`${signal}: ending what was started.`);
    void things
      .close()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  });

/** Ends all that `work` opens, whatever becomes of it. */
async function run<T>(work: (opened: OpenThings) => Promise<T>): Promise<T> {
  things = new OpenThings();
  try {
    return await work(things);
  } catch (error) {
    // What fails because it was ended is no failure of its own: the handler of the signal ends the process.
    if (interrupted) await new Promise(() => undefined);
    throw error;
  } finally {
    await things.close();
  }
}

const isSound = values.mutations ? await plantBugs() : await breakThings();
console.log(`It took ${((Date.now() - began) / 1_000).toFixed(0)} s.`);
process.exit(isSound ? 0 : 1);

/** @returns whether every planted bug was caught */
async function plantBugs(): Promise<boolean> {
  const mutations = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8')) as object;
  let missed = 0;
  for (const name of Object.keys(mutations)) {
    process.env['CHAOS_MUTATION'] = name;
    const planted = { ...options, tell: () => undefined };
    const { broken } = await run((opened) => runCampaign(planted, opened));
    console.log(`Planted bug "${name}": ${broken.length > 0 ? `caught. ${broken[0]}` : 'NOT CAUGHT.'}`);
    if (broken.length === 0) missed += 1;
  }
  return missed === 0;
}

/** @returns whether every promise was kept */
async function breakThings(): Promise<boolean> {
  console.log(
    `Campaign with seed "${seed}": ${instances} instances, ${faultCount} faults, ${options.servers} servers.`,
  );
  const report = await run((opened) => runCampaign(options, opened));
  print(report);
  const left = Math.max(10_000, began + shortForm - Date.now());
  const crashPoints = short ? { stride: 16, atMost: left } : { stride: 1, atMost: Infinity };
  const points = await run((opened) => runCrashPointsOfProcess(crashPoints, opened));
  printPoints(points);
  return points.broken.length === 0 && report.broken.length === 0 && report.neverRecovered === 0;
}

function print(report: CampaignReport): void {
  const at = (share: number): string =>
    `${report.recoveries[Math.min(report.recoveries.length - 1, Math.floor(report.recoveries.length * share))] ?? '-'} ms`;
  console.log(`\nSeed ${report.seed}: ${report.instances} instances`);
  for (const [name, count] of report.injected) console.log(`  ${String(count).padStart(4)}  ${name}`);
  console.log(
    `Acknowledged operations: ${report.acknowledged}; sent again after no answer: ${report.repeatedRequests}`,
  );
  if (report.published)
    console.log(`Confirmed by RabbitMQ: ${report.published.confirmed}; published again: ${report.published.repeated}`);
  console.log(
    `Side effects: ${report.ledgerRuns} keys, ${report.ledgerRepeats} runs more than once, each under its key`,
  );
  console.log(`Recovery: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}; never: ${report.neverRecovered}`);
  console.log(`At rest ${(report.settledAfter / 1_000).toFixed(1)} s after the last fault`);
  console.log(`Lost or repeated: ${report.broken.length}`);
  report.broken.forEach((line) => console.log(`  ${line}`));
}

function printPoints({ crashes, statements, isComplete, broken }: CrashPointsReport): void {
  const which = isComplete
    ? `of a journey of ${statements} statements`
    : `up to statement ${statements}, when the time was over`;
  console.log(`\nA server process killed at ${crashes} points ${which}: ${broken.length} promises broken.`);
  broken.forEach((line) => console.log(`  ${line}`));
}
