import { cpus, loadavg, totalmem } from 'node:os';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Seconds of processor time that a process and the children it has waited for have used. 0 where there is no /proc. */
function processorSecondsOf(pid) {
  const fields = statOf(pid);
  return fields === null ? 0 : fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** The same, of a process and all of its children (PostgreSQL: one for each connection). */
export function processorSecondsOfTree(pid) {
  let seconds = processorSecondsOf(pid);
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name) && statOf(name)?.[1] === String(pid)) seconds += processorSecondsOf(name);
  return seconds;
}

/** Takes the time, and the processor time that this process and others use, from here to the call of what it returns; both in seconds. */
export function stopwatch(pids) {
  const all = [process.pid, ...pids];
  const before = all.map(processorSecondsOfTree);
  const began = performance.now();
  return () => {
    const seconds = (performance.now() - began) / 1_000;
    return { seconds, processor: all.map((pid, index) => processorSecondsOfTree(pid) - before[index]) };
  };
}

/** Fields of /proc/<pid>/stat from the third on (proc(5)): state, parent, ... */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Most memory that a process has had resident, in MB. */
export function peakMemory(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

export function memory(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** @param sorted ascending */
export const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/**
 * Runs several kinds of work in turns, so that whatever else the machine does meets all of them; the first round warms up and does
 * not count. Each returns an object of numbers; the result holds the median of every number, a kind each.
 */
export async function alternate(works, rounds = 5) {
  const results = works.map(() => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, work] of works.entries()) {
      const result = await work(round);
      if (round > 0) results[index].push(result);
    }
  return results.map((all) =>
    Object.fromEntries(Object.keys(all[0]).map((name) => [name, median(all.map((result) => result[name]))])),
  );
}

export const count = (number) => Math.round(number).toLocaleString('en');

/** A line of the table: what, xflow's figure, what it is compared with, the ratio or the bound. */
export function line(what, ours, other = '', ratio = '') {
  console.log(`${what.padEnd(64)} ${String(ours).padStart(12)}   ${other.padEnd(52)} ${ratio}`);
}

export function machine() {
  const [cpu] = cpus();
  return `${cpus().length} cores (${cpu.model.trim()}, ${process.arch}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;
}
