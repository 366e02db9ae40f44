import { Worker } from '../dist/worker-client/index.js';
import { options, serve } from './child.js';

const { url } = options();

async function post(path, body) {
  const response = await fetch(`${url}/api/tasks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

/** By so many loops, which activate and complete so many tasks with a request each. */
async function inBatches({ tasks, workers, batch }) {
  let left = tasks;
  const work = async () => {
    while (left > 0) {
      const { tasks: leased } = await post('activate', { types: ['bench'], maxTasks: batch, waitSeconds: 1 });
      if (leased.length === 0) continue;
      const { completed } = await post('complete', {
        tasks: leased.map(({ id, leaseToken }) => ({ id, leaseToken, variables: { done: true } })),
      });
      left -= completed;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** By the client for TypeScript, as users write it. */
async function byClient({ tasks, batch }) {
  let left = tasks;
  let tell;
  const all = new Promise((resolve) => (tell = resolve));
  const worker = new Worker(url, {
    types: ['bench'],
    concurrency: batch,
    work: () => {
      left -= 1;
      if (left === 0) tell();
      return Promise.resolve({ done: true });
    },
  });
  worker.start();
  await all;
  await worker.stop();
}

/** Does so many tasks. */
serve({}, async ({ client, ...order }) => {
  const began = performance.now();
  await (client ? byClient(order) : inBatches(order));
  return { seconds: (performance.now() - began) / 1_000 };
});
