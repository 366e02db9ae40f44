import { alternate, count, line, memory, peakMemory, processorSecondsOfTree } from './measure.js';
import { populate, populated } from './population.js';

/** Timers fired with their steps, while few and while very many others are pending; and the memory of the process that waits for them. */
export async function timers(postgres, { few = 10_000, many = 1_000_000, due = 20_000, rounds = 5 } = {}) {
  const databases = [await populated(postgres, 'few', few), await populated(postgres, 'many', many)];
  const idle = memory(databases[1].runner.pid);
  let next = many;
  const measure =
    ({ url, runner }) =>
    async () => {
      await populate(url, next, next + due, `now() - interval '1 second' + c.number % 1000 * interval '1 millisecond'`);
      next += due;
      const before = processorSecondsOfTree(postgres.pid);
      const { seconds, processor } = await runner.ask({ drain: true });
      return {
        perSecond: due / seconds,
        cost: ((processor + processorSecondsOfTree(postgres.pid) - before) * 1e6) / due,
      };
    };
  const [atFew, atMany] = await alternate(databases.map(measure), rounds);
  line(
    `timers fired with their step, ${count(many)} others pending: a second`,
    count(atMany.perSecond),
    `${count(few)} pending: ${count(atFew.perSecond)}`,
    '20,000/s wanted',
  );
  line(
    'their processor time, runner + Postgres: µs a timer',
    Math.round(atMany.cost),
    `${count(few)} pending: ${Math.round(atFew.cost)}`,
    `${(atMany.cost / atFew.cost).toFixed(2)} of it (at most 1.2 wanted)`,
  );
  line(
    `memory of a process with ${count(many)} waiting instances: MB`,
    `${Math.round(idle)}`,
    `${count(few)}: ${Math.round(memory(databases[0].runner.pid))}; highest while firing: ${Math.round(peakMemory(databases[1].runner.pid))}`,
    'under 400 wanted',
  );
  for (const { runner } of databases) await runner.stop();
}
