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

/** Activates and completes so many tasks by so many loops. */
serve({}, async ({ tasks, workers, batch }) => {
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
  const began = performance.now();
  await Promise.all(Array.from({ length: workers }, work));
  return { seconds: (performance.now() - began) / 1_000 };
});
