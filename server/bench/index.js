import { jobs } from './jobs.js';
import { machine } from './measure.js';
import { BenchPostgres } from './postgres.js';
import { starts } from './starts.js';
import { growth } from './growth.js';
import { herd } from './herd.js';
import { messages } from './messages.js';
import { operating } from './operating.js';
import { peers } from './peers.js';
import { steps } from './steps.js';
import { tasks } from './tasks.js';
import { timers } from './timers.js';
import { twoRunners } from './two-runners.js';

/** One part a name: `npm run bench -- runner starts` runs that one only. */
const parts = {
  starts,
  steps,
  peers,
  messages,
  'two-runners': twoRunners,
  timers,
  herd,
  growth,
  operating,
  tasks,
  jobs,
};

const wanted = process.argv.slice(3);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}" of the runner. There are: ${Object.keys(parts).join(', ')}.`);
  process.exitCode = 2;
} else {
  console.log(machine());
  const postgres = await BenchPostgres.start();
  try {
    for (const [name, part] of Object.entries(parts))
      if (wanted.length === 0 || wanted.includes(name)) await part(postgres);
  } finally {
    await postgres.stop();
  }
  console.log(machine());
}
