import { alternate, count, line, processorSecondsOfTree } from './measure.js';
import { populated } from './population.js';

/** What an instance costs, from its start to its end, in databases of very different sizes. */
export async function growth(postgres, { sizes = [10_000, 100_000, 1_000_000], instances = 1_500, rounds = 5 } = {}) {
  const databases = [];
  for (const size of sizes) databases.push(await populated(postgres, `size_${size}`, size));
  for (const { runner } of databases) await runner.ask({ deploy: 'tenWaits' });
  const measure =
    ({ runner }) =>
    async () => {
      const before = processorSecondsOfTree(postgres.pid);
      const { seconds, processor } = await runner.ask({ instances, diagram: 'ten-waits' });
      return {
        perSecond: instances / seconds,
        cost: ((processor + processorSecondsOfTree(postgres.pid) - before) * 1e6) / instances,
      };
    };
  const results = await alternate(databases.map(measure), rounds);
  for (const [index, size] of sizes.entries())
    line(
      `an instance of eleven steps among ${count(size)}: µs of processor time`,
      Math.round(results[index].cost),
      `${count(results[index].perSecond)} a second`,
      `${(results[index].cost / results[0].cost).toFixed(2)} of that among ${count(sizes[0])}`,
    );
  for (const { runner } of databases) await runner.stop();
}
