/**
 * Seconds of processor time that this process has used: what one core takes for the work, however busy the machine is. Threads of
 * the garbage collector count, too.
 */
export function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Runs `work` until `seconds` are used, and tells how often a second it ran. Time is asked for seldom, because that takes time, too. */
async function rate(work, seconds) {
  const start = processorSeconds();
  let runs = 0;
  let used = 0;
  for (let next = 1; used < seconds; next = used < seconds / 8 ? next * 2 : next) {
    for (let run = 0; run < next; run += 1) await work();
    runs += next;
    used = processorSeconds() - start;
  }
  return runs / used;
}

/** Median rates of several kinds of work, which take turns, so that whatever else the machine does meets all of them. */
export async function alternate(works, { rounds = 5, seconds = 0.4 } = {}) {
  const rates = works.map(() => []);
  for (const work of works) await rate(work, seconds);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) rates[index].push(await rate(work, seconds));
  return rates.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

/** Seconds that one run takes: the best of some, for work that is too long to repeat. */
export async function fastest(work, runs = 3) {
  let best = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const start = processorSeconds();
    await work();
    best = Math.min(best, processorSeconds() - start);
  }
  return best;
}
