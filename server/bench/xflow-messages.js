import { answered, startApplication } from './application.js';
import { options, serve } from './child.js';
import * as diagrams from './diagrams.js';
import { percentile } from './measure.js';

/** The server, which tells how long it takes until the next node is committed: from the message's arrival (read and checked), and from its acceptance. */
const { app, runner, deployments } = await startApplication(options().url);
await app.listen(0, '127.0.0.1');
await deployments.deploy(diagrams.messages);

/** Of the last message of each user: when it arrived, was accepted (its response may go), and had the next node executed. */
const messages = new Map();
let sinceArrival = [];
let sinceAcceptance = [];
let executed = [];
const submit = runner.submit.bind(runner);
runner.submit = (request) => {
  const result = submit(request);
  if (request.kind !== 'publish') return result;
  const message = { arrived: performance.now(), accepted: null, executed: null };
  messages.set(request.message.correlationKey, message);
  void result.then(
    () => {
      message.accepted = performance.now();
      measure(message);
    },
    () => undefined,
  );
  return result;
};
answered.push((subjectId) => executed.push(subjectId));
runner.listen({
  moved() {
    const now = performance.now();
    for (const subjectId of executed.splice(0)) {
      const message = messages.get(subjectId);
      if (!message || message.executed !== null) continue;
      message.executed = now;
      measure(message);
    }
  },
});

function measure({ arrived, accepted, executed }) {
  if (accepted === null || executed === null) return;
  sinceArrival.push(executed - arrived);
  sinceAcceptance.push(Math.max(0, executed - accepted));
}

function percentiles(latencies) {
  latencies.sort((a, b) => a - b);
  return [percentile(latencies, 0.5), percentile(latencies, 0.99)];
}

serve(
  { url: await app.getUrl() },
  async () => {
    await runner.rest();
    const [p50, p99] = percentiles(sinceAcceptance);
    const [arrivalP50, arrivalP99] = percentiles(sinceArrival);
    sinceArrival = [];
    sinceAcceptance = [];
    return { p50, p99, arrivalP50, arrivalP99 };
  },
  () => app.close(),
);
