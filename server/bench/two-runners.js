import { Child } from './child.js';
import { alternate, count, line } from './measure.js';

/** Steps of instances by one runner process, and by two on the same database. */
export async function twoRunners(postgres, { instances = 4_000, rounds = 5 } = {}) {
  const urls = [await postgres.database('one_runner', 10_000), await postgres.database('two_runners', 10_000)];
  const start = (url) => Child.start('xflow-steps.js', { url, diagram: 'tenWaits' });
  const alone = [await start(urls[0])];
  const pair = [await start(urls[1]), await start(urls[1])];
  const measure = (runners) => async () => {
    const begin = performance.now();
    await Promise.all(runners.map((runner) => runner.ask({ instances: instances / runners.length })));
    return { perSecond: (instances * 11) / ((performance.now() - begin) / 1000) };
  };
  const [one, two] = await alternate([measure(alone), measure(pair)], rounds);
  line(
    'steps of instances by two runner processes: a second',
    count(two.perSecond),
    `by one: ${count(one.perSecond)}`,
    `${(two.perSecond / one.perSecond).toFixed(2)} times (1.3 wanted)`,
  );
  for (const runner of [...alone, ...pair]) await runner.stop();
}
