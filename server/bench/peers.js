import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';
import { alternate, count, line } from './measure.js';

const home = fileURLToPath(new URL('peer/', import.meta.url));

/** Journeys of ten steps, each a function of the host, against workflows of ten steps elsewhere, and chains of ten jobs. */
export async function peers(postgres, { rounds = 5, instances = 3_000 } = {}) {
  if (!existsSync(`${home}node_modules/pg-boss`)) {
    console.log('Installing what the benchmarks compare with ...');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: home, stdio: 'inherit' });
  }
  const others = [
    ['DBOS', 'peer/dbos.js', 100, 'workflows of ten steps', 40],
    ['graphile-worker 0.17', 'peer/graphile-worker.js', 200, 'chains of ten jobs'],
    ['pg-boss 11', 'peer/pg-boss.js', 200, 'chains of ten jobs'],
  ];
  const ours = await Child.start('xflow-steps.js', {
    url: await postgres.database('ten_tasks', 10_000),
    diagram: 'tenTasks',
  });
  const children = [];
  for (const [index, [, module]] of others.entries())
    children.push(await Child.start(module, { url: await postgres.database(`peer_${index}`) }));
  const measure = (child, instances) => async () => ({
    perSecond: instances / (await child.ask({ instances })).seconds,
  });
  const [here, ...there] = await alternate(
    [measure(ours, instances), ...others.map(([, , instances], index) => measure(children[index], instances))],
    rounds,
  );
  for (const [index, [name, , , what, wanted]] of others.entries())
    line(
      'journeys of ten steps: a second',
      count(here.perSecond),
      `${name}, ${what}: ${count(there[index].perSecond)}`,
      `${(here.perSecond / there[index].perSecond).toFixed(1)} times${wanted ? ` (${wanted} wanted)` : ''}`,
    );
  for (const child of [ours, ...children]) await child.stop();
}
