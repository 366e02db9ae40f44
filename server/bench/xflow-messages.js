import { answered, startApplication } from './application.js';
import { options, serve } from './child.js';
import * as diagrams from './diagrams.js';
import { percentile } from './measure.js';

/** The server, which tells how long it takes from a message that is accepted (its response may go) to the commit of the next node. */
const { app, runner, deployments } = await startApplication(options().url);
await app.listen(0, '127.0.0.1');
await deployments.deploy(diagrams.messages);

const acceptedAt = new Map();
let latencies = [];
let executed = [];
const submit = runner.submit.bind(runner);
runner.submit = (request) => {
  const result = submit(request);
  if (request.kind === 'publish')
    void result.then(() => acceptedAt.set(request.message.correlationKey, performance.now())).catch(() => undefined);
  return result;
};
answered.push((subjectId) => executed.push(subjectId));
runner.listen({
  moved() {
    const now = performance.now();
    for (const subjectId of executed.splice(0)) {
      const accepted = acceptedAt.get(subjectId);
      if (accepted !== undefined) latencies.push(Math.max(0, now - accepted));
      acceptedAt.delete(subjectId);
    }
  },
});

serve(
  { url: await app.getUrl() },
  async () => {
    await runner.rest();
    const sorted = latencies.sort((a, b) => a - b);
    latencies = [];
    return { reached: sorted.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
  },
  () => app.close(),
);
