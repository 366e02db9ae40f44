import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign, runCrashPointsOfProcess, type CampaignReport } from './campaign.js';

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
const seed = values.seed ?? new Date().toISOString();
const instances = Number(values.instances ?? (values.short ? 2_500 : 20_000));
const faultCount = Number(values.faults ?? (values.short ? 25 : 500));
if (!(instances >= 1) || !(faultCount >= 0)) {
  console.error('--instances and --faults are whole numbers. Run: npm run chaos -- --short');
  process.exit(2);
}
const options = {
  seed,
  instances,
  faults: faultCount,
  rate: values.short ? 40 : 20,
  servers: 3,
  sleepOfZombies: values.short ? 5_000 : 30_000,
  endsWithin: values.short ? 60_000 : 300_000,
  tell: (line: string) => console.log(line),
};

let failed = false;
if (values.mutations) {
  const mutations = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8')) as object;
  for (const name of Object.keys(mutations)) {
    process.env['CHAOS_MUTATION'] = name;
    const { broken } = await runCampaign({ ...options, endsWithin: 20_000, tell: () => undefined });
    console.log(`Planted bug "${name}": ${broken.length > 0 ? `caught. ${broken[0]}` : 'NOT CAUGHT.'}`);
    failed ||= broken.length === 0;
  }
} else {
  const points = await runCrashPointsOfProcess(values.short ? 16 : 1);
  console.log(
    `A server process killed at ${points.crashes} points of a journey of ${points.statements} statements: ${points.broken.length} promises broken.`,
  );
  points.broken.forEach((line) => console.log(`  ${line}`));
  console.log(
    `\nCampaign with seed "${seed}": ${instances} instances, ${faultCount} faults, ${options.servers} servers.`,
  );
  const report = await runCampaign(options);
  print(report);
  failed = points.broken.length > 0 || report.broken.length > 0 || report.neverRecovered > 0;
}
process.exitCode = failed ? 1 : 0;

function print(report: CampaignReport): void {
  const at = (share: number): string =>
    `${report.recoveries[Math.min(report.recoveries.length - 1, Math.floor(report.recoveries.length * share))] ?? '-'} ms`;
  console.log(`\nSeed ${report.seed}`);
  for (const [name, count] of report.injected) console.log(`  ${String(count).padStart(4)}  ${name}`);
  console.log(
    `Acknowledged operations: ${report.acknowledged}; sent again after no answer: ${report.repeatedRequests}`,
  );
  console.log(
    `Side effects: ${report.ledgerRuns} keys, ${report.ledgerRepeats} runs more than once, each under its key`,
  );
  console.log(`Recovery: p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}; never: ${report.neverRecovered}`);
  console.log(`At rest ${(report.settledAfter / 1_000).toFixed(1)} s after the last fault`);
  console.log(`Lost or repeated: ${report.broken.length}`);
  report.broken.forEach((line) => console.log(`  ${line}`));
}
