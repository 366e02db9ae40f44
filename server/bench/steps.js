import { Child } from './child.js';
import { alternate, count, line, processorSecondsOfTree } from './measure.js';
import { writtenContent } from './starts.js';

/** Steps of instances without HTTP, against a bare writer of the same rows. */
export async function steps(postgres, { instances = 4_000 } = {}) {
  const url = await postgres.database('steps', 10_000);
  const ours = await Child.start('xflow-steps.js', { url, diagram: 'tenWaits' });
  await ours.ask({ instances: 1 });
  const bare = await Child.start('bare-steps.js', {
    url: await postgres.database('bare'),
    content: { ...(await writtenContent(url, 5)), workflowKey: 'ten-waits' },
  });
  const measure = (child) => async () => {
    const before = processorSecondsOfTree(postgres.pid);
    const { seconds, processor } = await child.ask({ instances, steps: 10 });
    const steps = instances * 11;
    return {
      perSecond: steps / seconds,
      own: (processor * 1e6) / steps,
      database: ((processorSecondsOfTree(postgres.pid) - before) * 1e6) / steps,
    };
  };
  const [here, there] = await alternate([measure(ours), measure(bare)]);
  line(
    'steps of instances without HTTP: a second',
    count(here.perSecond),
    `bare writer: ${count(there.perSecond)}`,
    `${(here.perSecond / there.perSecond).toFixed(2)} of it (0.5 wanted)`,
  );
  line(
    'their processor time, runner + Postgres: µs a step',
    `${Math.round(here.own)} + ${Math.round(here.database)}`,
    `bare writer: ${Math.round(there.own)} + ${Math.round(there.database)}`,
    `${((there.own + there.database) / (here.own + here.database)).toFixed(2)} of it`,
  );
  for (const child of [ours, bare]) await child.stop();
}
