import { startApplication } from './application.js';
import { options, serve } from './child.js';
import * as diagrams from './diagrams.js';
import { newInstanceId } from '../dist/runner/instance-id.js';

/** Runs instances without HTTP: starts them, and is done when nothing is due any more. */
const { url, diagram } = options();
const { app, runner, deployments } = await startApplication(url);
const { workflows } = await deployments.deploy(diagrams[diagram]);
const users = 10_000;
let started = 0;

const start = (workflowKey, subjectId) =>
  runner.submit({
    kind: 'start',
    instanceId: newInstanceId(Date.now()),
    workflowKey,
    version: null,
    subjectId,
    variables: { amount: 120 },
    businessKey: null,
    idempotency: null,
  });

/** Starts so many instances, a thousand at a time. */
async function startMany(workflowKey, instances) {
  let left = instances;
  const line = async () => {
    while (left > 0) {
      left -= 1;
      await start(workflowKey, `user-${(started += 1) % users}`);
    }
  };
  await Promise.all(Array.from({ length: 1_000 }, line));
}

serve(
  {},
  async (question) => {
    if (question.start) return await start(workflows[0].key, question.start);
    if (question.deploy) return (await deployments.deploy(diagrams[question.deploy])).workflows[0];
    const begin = performance.now();
    const before = process.cpuUsage();
    if (question.drain) runner.lookAgain();
    else await startMany(question.diagram ?? workflows[0].key, question.instances);
    await runner.rest();
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - begin) / 1000, processor: (user + system) / 1e6 };
  },
  () => app.close(),
);
