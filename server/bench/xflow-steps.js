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

const start = () =>
  runner.submit({
    kind: 'start',
    instanceId: newInstanceId(Date.now()),
    workflowKey: workflows[0].key,
    version: null,
    subjectId: `user-${(started += 1) % users}`,
    variables: { amount: 120 },
    businessKey: null,
    idempotency: null,
  });

serve(
  {},
  async ({ instances }) => {
    const begin = performance.now();
    const before = process.cpuUsage();
    let left = instances;
    const line = async () => {
      while (left > 0) {
        left -= 1;
        await start();
      }
    };
    await Promise.all(Array.from({ length: 1_000 }, line));
    await runner.rest();
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - begin) / 1000, processor: (user + system) / 1e6 };
  },
  () => app.close(),
);
