import { randomUUID } from 'node:crypto';
import type { ActivateTasksResponse } from '@xflow/schemas';
import type { RowKey } from '../src/runner/sql/row-key.js';
import { leaseHandedJobs } from '../src/task-dispatch/sql/lease-handed-jobs.js';
import { startTestServer, type TestServer } from './test-server.js';

const diagram = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  targetNamespace="urn:test">
  <bpmn:process id="large" isExecutable="true"><bpmn:startEvent id="start"/>
    <bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="large"/></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="to-work" sourceRef="start" targetRef="work"/></bpmn:process>
</bpmn:definitions>`;

describe('tasks whose inputs are large', () => {
  /** Of 0.9 MB each: the tenth crosses 8 MB. */
  const tasks = 12;
  const atATime = 10;
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann');
    await server.api.deploy(diagram);
    for (let index = 0; index < tasks; index++)
      await server.api.start('large', 'ann', { index, text: 'x'.repeat(900_000) });
  });

  it('are given to workers until they reach 8 MB, and the others in the next answer', async () => {
    const activate = async (): Promise<readonly unknown[]> =>
      (await server.api.ok<ActivateTasksResponse>('POST', '/tasks/activate', { types: ['large'], maxTasks: 100 }))
        .tasks;
    expect(await activate()).toHaveLength(atATime);
    expect(await activate()).toHaveLength(tasks - atATime);
  });

  it('are leased from Redis until they reach 8 MB, and the others are due at once', async () => {
    const { pool } = server.database;
    const { rows } = await pool.query<RowKey>(
      `UPDATE task SET queued_in = gen_random_uuid(), next_attempt_at = 'infinity' RETURNING subject_id, instance_id, id`,
    );
    const now = Date.now();
    const lease = () => leaseHandedJobs(pool, rows, randomUUID(), now, now + 1_000);
    const first = await lease();
    expect(first.jobs).toHaveLength(atATime);
    expect(first.someAreLeft).toBe(true);
    const { rows: due } = await pool.query<{ attempts: number }>(
      'SELECT attempts FROM task WHERE queued_in IS NULL AND lease_owner IS NULL AND next_attempt_at <= $1',
      [new Date(now)],
    );
    expect(due).toEqual(Array.from({ length: tasks - atATime }, () => ({ attempts: 0 })));
    const second = await lease();
    expect(second.jobs).toHaveLength(tasks - atATime);
    expect(second.someAreLeft).toBe(false);
  });
});
