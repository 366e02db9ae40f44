import { Pool } from 'pg';
import { BareWriter } from './bare-writer.js';
import { options, serve } from './child.js';

/** Writes what so many instances with so many steps write, batch by batch, with no engine. */
const { url, content } = options();
const writer = new BareWriter(new Pool({ connectionString: url, max: 2 }), content);
const batch = 500;

serve({}, async ({ instances, steps }) => {
  const begin = performance.now();
  const before = process.cpuUsage();
  for (let first = 0; first < instances; first += batch)
    await writer.start(
      Array.from({ length: Math.min(batch, instances - first) }, (_, index) => `user-${first + index}`),
      new Date().toISOString(),
    );
  for (let step = 1; step <= steps; step += 1)
    for (let left = instances; left > 0;) left -= await writer.step(Math.min(batch, left), step === steps);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begin) / 1000, processor: (user + system) / 1e6 };
});
