import { compile, createSimulation } from '../dist/index.js';
import { journey } from './diagrams.js';

/** Seconds for so many users through the journey, to its end; runs in Node and in a browser's worker. */
export async function simulateUsers(count) {
  const { definitions } = await compile(journey);
  const users = Array.from({ length: count }, (_, index) => ({
    id: `user-${index}`,
    segments: index % 4 === 0 ? ['vip'] : [],
  }));
  const start = performance.now();
  const simulation = createSimulation({
    definitions,
    now: 0,
    seed: 'bench',
    users,
    maxSteps: 100_000_000,
    recording: false,
  });
  for (const { id } of users) simulation.start('p', { user: id });
  simulation.runToRest();
  const seconds = (performance.now() - start) / 1000;
  const completed = simulation.instances().filter(({ status }) => status === 'completed').length;
  if (completed !== count) throw new Error(`${count - completed} users have not come to the end.`);
  return seconds;
}
