import { journeys } from './journeys.js';
import { alternate, count, line } from './measure.js';

/** What operators ask for, and how it is asked: the first pages, 100 instances each. */
const questions = {
  'numbers of instances by workflow and status': '/workflows',
  'numbers of instances by element': '/workflows/journey-0/elements',
  'instances by status': '/instances?status=error',
  'instances by workflow, version and status': '/instances?workflow=journey-7&version=2&status=active',
  'instances by user': '/instances?userId=user-77',
  'instances by business key': '/instances?businessKey=order-4242',
  'instances with incidents': '/instances?incident=true',
  'instances at an element where one of a thousand rests': '/instances?workflow=journey-0&element=rare',
  'instances at an element where nothing rests': '/instances?element=nowhere',
  'instances by a rare variable and a frequent one': '/instances?variables=plan%3Dgold&variables=amount%3D4242',
  'open incidents by cause': '/incidents/groups',
};

/** How long answers for operators take in databases of very different sizes: milliseconds over HTTP. */
export async function operating(postgres, { sizes = [10_000, 1_000_000], rounds = 5 } = {}) {
  const databases = [];
  for (const size of sizes) databases.push(await journeys(postgres, `journeys_${size}`, size));
  const ask = async ({ server }, path) => {
    const response = await fetch(`${server.ready.url}/api${path}`);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  for (const [what, path] of Object.entries(questions)) {
    const results = await alternate(
      databases.map((database) => async () => {
        const before = performance.now();
        await ask(database, path);
        return { milliseconds: performance.now() - before };
      }),
      rounds,
    );
    const [small, large] = [results[0].milliseconds, results.at(-1).milliseconds];
    line(
      `${what}: ms among ${count(sizes.at(-1))}`,
      large.toFixed(1),
      `among ${count(sizes[0])}: ${small.toFixed(1)}`,
      `${(large / small).toFixed(1)} of it`,
    );
  }
  for (const { server } of databases) await server.stop();
}
