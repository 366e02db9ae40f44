import { once } from 'node:events';
import type { ActivatedTask, ActivateTasksResponse, CompleteTasksResponse } from '@xflow/schemas';
import { BpmnError, Worker, type WorkerTask } from '../src/worker-client/index.js';
import { diagram, end, process, sequence, start } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

/** A diagram whose tasks are for workers, as other modelers draw it. */
const foreign = (...processes: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  targetNamespace="urn:test">
  <bpmn:error id="declined" name="declined" errorCode="DECLINED"/>
  ${processes.join('\n')}
</bpmn:definitions>`;

const work = (type: string): string =>
  `<bpmn:serviceTask id="work" name="Charge the card"><bpmn:extensionElements><zeebe:taskDefinition type="${type}"/>
     <zeebe:taskHeaders><zeebe:header key="currency" value="EUR"/></zeebe:taskHeaders></bpmn:extensionElements></bpmn:serviceTask>`;

const declinedPath = `<bpmn:boundaryEvent id="caught" attachedToRef="work"><bpmn:errorEventDefinition errorRef="declined"/></bpmn:boundaryEvent>
  <bpmn:endEvent id="refused"/><bpmn:sequenceFlow id="to-refused" sourceRef="caught" targetRef="refused"/>`;

describe('workers outside', () => {
  let server: TestServer;
  let kinds = 0;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann');
  });

  /** A type of its own for each test, with a workflow of the same name; starts instances of it. */
  async function begin(instances = 1): Promise<{ type: string; ids: string[] }> {
    const type = `charge-${++kinds}`;
    await server.api.deploy(foreign(process(type, sequence(start, work(type), end) + declinedPath)));
    const ids: string[] = [];
    for (let index = 0; index < instances; index++)
      ids.push(await server.api.start(type, 'ann', { amount: index, secret: 's' }));
    return { type, ids };
  }
  const activate = async (type: string, more: object = {}): Promise<ActivatedTask[]> =>
    (await server.api.ok<ActivateTasksResponse>('POST', '/tasks/activate', { types: [type], ...more })).tasks;
  const one = async (type: string, more: object = {}): Promise<ActivatedTask> => {
    const [task] = await activate(type, more);
    if (!task) throw new Error(`Expected a task of type ${type}.`);
    return task;
  };
  /** The requests sent before have come to where they wait: a later one is answered. */
  const settled = async (): Promise<void> => {
    await activate('nothing');
    await activate('nothing');
  };

  it('lease a task with what it needs, and complete it', async () => {
    const { type, ids } = await begin();
    const task = await one(type, { worker: 'w1', leaseSeconds: 30 });
    expect(task).toMatchObject({
      ...{ type, instanceId: ids[0], workflowKey: type, userId: 'ann', elementId: 'work', name: 'Charge the card' },
      ...{ config: { currency: 'EUR' }, input: { amount: 0, secret: 's' }, attempt: 1, retriesLeft: 4 },
      ...{
        leasedUntil: '2026-01-05T09:00:30.000Z',
        idempotencyKey: expect.stringContaining(`${ids[0]}:work:`) as string,
      },
    });
    await server.api.ok('POST', `/tasks/${task.id}/complete`, {
      leaseToken: task.leaseToken,
      variables: { paid: true },
    });
    expect(await server.api.status(ids[0]!)).toMatchObject({ status: 'completed', variables: { paid: true } });
  });

  it('are given only the inputs that they want', async () => {
    const { type } = await begin();
    expect((await one(type, { inputs: ['amount', 'toString'] })).input).toEqual({ amount: 0 });
  });

  it('have different tasks, and none twice', async () => {
    const { type } = await begin(5);
    const taken = (await Promise.all([1, 2, 3].map(() => activate(type, { maxTasks: 2 })))).flat();
    expect(new Set(taken.map(({ id }) => id)).size).toBe(5);
    expect(await activate(type, { maxTasks: 10 })).toEqual([]);
  });

  it('complete many at once, and are told which were refused', async () => {
    const { type, ids } = await begin(3);
    const tasks = await activate(type, { maxTasks: 10 });
    await server.api.ok('POST', `/workflows/${ids[0]}/cancel`);
    const report = {
      tasks: [
        ...tasks.map(({ id, leaseToken }) => ({ id, leaseToken })),
        { id: tasks[1]!.id, leaseToken: '00000000-0000-4000-8000-000000000000' },
        { id: 'nonsense', leaseToken: 'nonsense' },
      ],
    };
    const { completed, refused } = await server.api.ok<CompleteTasksResponse>('POST', '/tasks/complete', report);
    expect(completed).toBe(2);
    const cancelled = tasks.find(({ instanceId }) => instanceId === ids[0])!;
    expect(refused).toHaveLength(3);
    expect(refused).toContainEqual({ id: cancelled.id, reason: 'gone' });
    expect(refused).toContainEqual({ id: 'nonsense', reason: 'gone' });
  });

  it('fail many at once, and are told which were refused', async () => {
    const { type } = await begin(3);
    const [first, second, third] = (await activate(type, { maxTasks: 10 })) as [
      ActivatedTask,
      ActivatedTask,
      ActivatedTask,
    ];
    const failed = ({ id, leaseToken }: ActivatedTask, more: object) => ({ id, leaseToken, reason: 'Away.', ...more });
    const report = {
      tasks: [
        failed(first, { retryAfterSeconds: 10 }),
        failed(second, { retriesLeft: 0 }),
        failed({ ...third, leaseToken: '00000000-0000-4000-8000-000000000000' }, {}),
        failed({ ...third, id: 'nonsense' }, {}),
      ],
    };
    expect(await server.api.ok('POST', '/tasks/fail', report)).toEqual({
      failed: 2,
      refused: [
        { id: third.id, reason: 'lease-lost' },
        { id: 'nonsense', reason: 'gone' },
      ],
    });
    expect((await server.api.status(second.instanceId)).incidents).toMatchObject([{ type: 'task-failed' }]);
    expect(await activate(type)).toEqual([]);
    await server.api.advance('PT10S');
    expect(await one(type)).toMatchObject({ id: first.id, attempt: 2 });
  });

  it('extend many leases at once, and are told which were refused', async () => {
    const { type } = await begin(3);
    const tasks = await activate(type, { maxTasks: 10, leaseSeconds: 10 });
    const [kept, alsoKept, lost] = tasks.map(({ id, leaseToken }) => ({ id, leaseToken })) as [object, object, object];
    await server.api.advance('PT9S');
    const stranger = { ...lost, leaseToken: '00000000-0000-4000-8000-000000000000' };
    expect(
      await server.api.ok('POST', '/tasks/extend', { tasks: [kept, stranger, alsoKept], leaseSeconds: 60 }),
    ).toEqual({
      extended: 2,
      leasedUntil: expect.any(String) as string,
      refused: [{ id: tasks[2]!.id, reason: 'lease-lost' }],
    });
    await server.api.advance('PT1S');
    expect(await activate(type, { maxTasks: 10 })).toMatchObject([{ id: tasks[2]!.id, attempt: 2 }]);
    await server.api.advance('PT58.999S');
    expect(await activate(type, { maxTasks: 10 })).toEqual([]);
    await server.api.advance('PT0.001S');
    expect(await activate(type, { maxTasks: 10 })).toHaveLength(2);
  });

  it('lose a task whose lease ends to another one, and cannot report it any more', async () => {
    const { type, ids } = await begin();
    const first = await one(type, { leaseSeconds: 10 });
    await server.api.advance('PT9.999S');
    expect(await activate(type)).toEqual([]);
    await server.api.advance('PT0.001S');
    const late = { leaseToken: first.leaseToken };
    const reports: [string, object][] = [
      ['complete', late],
      ['fail', { ...late, reason: 'Away.' }],
      ['fail', { ...late, reason: 'Away.', retriesLeft: 0 }],
      ['throw-error', { ...late, code: 'DECLINED' }],
      ['extend', { ...late, leaseSeconds: 10 }],
    ];
    const refuseAll = async () => {
      for (const [name, body] of reports)
        expect(await server.api.refused('POST', `/tasks/${first.id}/${name}`, body)).toMatchObject({
          status: 409,
          type: 'urn:xflow:problem:lease-lost',
        });
    };
    await refuseAll();
    const second = await one(type);
    expect(second).toMatchObject({ id: first.id, attempt: 2, idempotencyKey: first.idempotencyKey });
    await refuseAll();
    await server.api.ok('POST', `/tasks/${second.id}/complete`, { leaseToken: second.leaseToken });
    expect(await server.api.status(ids[0]!)).toMatchObject({ status: 'completed' });
    expect(await server.api.refused('POST', `/tasks/${first.id}/complete`, late)).toMatchObject({ status: 404 });
  });

  it('keep a task for as long as they extend its lease', async () => {
    const { type } = await begin();
    const task = await one(type, { leaseSeconds: 10 });
    await server.api.advance('PT8S');
    const { leaseToken } = task;
    await server.api.ok('POST', `/tasks/${task.id}/extend`, { leaseToken, leaseSeconds: 60 });
    await server.api.advance('PT59S');
    expect(await activate(type)).toEqual([]);
    await server.api.ok('POST', `/tasks/${task.id}/complete`, { leaseToken });
  });

  it('fail, and have it again later; at last there is an incident', async () => {
    const { type, ids } = await begin();
    const first = await one(type);
    const failure = { leaseToken: first.leaseToken, reason: 'Away.', retriesLeft: 1, retryAfterSeconds: 30 };
    await server.api.ok('POST', `/tasks/${first.id}/fail`, failure);
    await server.api.advance('PT29S');
    expect(await activate(type)).toEqual([]);
    await server.api.advance('PT1S');
    const second = await one(type);
    expect(second).toMatchObject({ attempt: 2, retriesLeft: 0 });
    await server.api.ok('POST', `/tasks/${second.id}/fail`, { leaseToken: second.leaseToken, reason: 'Still away.' });
    expect((await server.api.status(ids[0]!)).incidents).toMatchObject([
      {
        type: 'task-failed',
        elementId: 'work',
        reason: expect.stringContaining('After 2 attempts: Still away.') as string,
      },
    ]);
  });

  it('that never report do not have a task for ever: it becomes an incident', async () => {
    const { type, ids } = await begin();
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await one(type, { leaseSeconds: 1 })).toMatchObject({ attempt });
      await server.api.advance('PT1S');
    }
    expect(await activate(type)).toEqual([]);
    expect((await server.api.status(ids[0]!)).incidents).toMatchObject([
      { type: 'task-failed', reason: expect.stringContaining('did not report') as string },
    ]);
  });

  it('throw BPMN errors that the diagram catches', async () => {
    const { type, ids } = await begin();
    const { id, leaseToken } = await one(type);
    await server.api.ok('POST', `/tasks/${id}/throw-error`, {
      leaseToken,
      code: 'DECLINED',
      variables: { why: 'limit' },
    });
    expect(await server.api.status(ids[0]!)).toMatchObject({ status: 'completed', variables: { why: 'limit' } });
    expect((await server.api.history(ids[0]!)).flatMap(({ events }) => events)).toContainEqual(
      expect.objectContaining({ kind: 'element-completed', elementId: 'refused' }),
    );
  });

  it('wait for a task, the longest first, and are woken when there is one', async () => {
    const { type } = await begin(0);
    const waiting: Promise<{ index: number; tasks: ActivatedTask[] }>[] = [];
    for (const index of [0, 1, 2]) {
      waiting.push(activate(type, { waitSeconds: 20 }).then((tasks) => ({ index, tasks })));
      await settled();
    }
    const order: number[] = [];
    for (const request of waiting) void request.then(({ index }) => order.push(index));
    for (let count = 1; count <= 3; count++) {
      await server.api.start(type, 'ann');
      while (order.length < count) await settled();
    }
    expect(order).toEqual([0, 1, 2]);
    for (const { tasks } of await Promise.all(waiting)) expect(tasks).toHaveLength(1);
  });

  it('are woken at whichever server they wait, and answered when it stops', async () => {
    const { type } = await begin(0);
    const other = await startTestServer({ database: server.database });
    const waitThere = async (): Promise<ActivatedTask[]> => {
      const request = { types: [type], waitSeconds: 60 };
      return (await other.api.ok<ActivateTasksResponse>('POST', '/tasks/activate', request)).tasks;
    };
    const settledThere = () => other.api.ok('POST', '/tasks/activate', { types: ['nothing'] });
    const first = waitThere();
    await settledThere();
    await server.api.start(type, 'ann');
    expect(await first).toHaveLength(1);
    const second = waitThere();
    await settledThere();
    await other.close();
    expect(await second).toEqual([]);
  });

  it('are answered with nothing when they have waited in vain', async () => {
    expect(await activate('never', { waitSeconds: 0.05 })).toEqual([]);
  });

  it('that have gone while they waited take no task with them', async () => {
    const { type } = await begin(0);
    const gone = new AbortController();
    const waiting = fetch(`${server.url}/api/tasks/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ types: [type], waitSeconds: 20 }),
      signal: gone.signal,
    });
    await settled();
    const next = activate(type, { waitSeconds: 20 });
    await settled();
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await server.api.start(type, 'ann');
    expect(await next).toMatchObject([{ attempt: 1 }]);
  });

  it('do the types that the environment leaves to them, which diagrams name like all others', async () => {
    globalThis.process.env['XFLOW_WORKER_TYPES'] = 'send-sms, http-call';
    const next = await startTestServer({ database: server.database }).finally(
      () => delete globalThis.process.env['XFLOW_WORKER_TYPES'],
    );
    const sms = `<bpmn:sendTask id="tell"><bpmn:extensionElements><xflow:message channel="sms" to="123"/></bpmn:extensionElements></bpmn:sendTask>`;
    await next.api.deploy(diagram(process('texting', sequence(start, sms, end))));
    await next.api.start('texting', 'ann');
    expect(await one('send-sms')).toMatchObject({ elementId: 'tell', input: { to: '123' } });
    // This one has a handler.
    expect(await next.api.refused('POST', '/tasks/activate', { types: ['http-call'] })).toMatchObject({ status: 422 });
    await next.close();
  });

  it('are told everything that is wrong with what they ask for', async () => {
    const problem = await server.api.refused('POST', '/tasks/activate', { types: [], maxTasks: 0, waitSeconds: 61 });
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual(['$.maxTasks', '$.types', '$.waitSeconds']);
    expect(await server.api.refused('POST', '/tasks/activate', { types: ['http-call'] })).toMatchObject({
      status: 422,
    });
  });
});

describe('the worker client', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ testClock: false });
    await server.api.createUsers('ann');
    await server.api.deploy(foreign(process('pay', sequence(start, work('pay'), end) + declinedPath)));
  });

  it('does tasks until it is stopped: results, errors of the diagram, failures', async () => {
    const done: WorkerTask[] = [];
    const worker = new Worker(server.url, {
      types: ['pay'],
      concurrency: 4,
      work: async (task) => {
        done.push(task);
        if (task.input['amount'] === 13) throw new BpmnError('DECLINED', 'No.');
        if (task.input['amount'] === 14 && task.attempt === 1) throw new Error('Away.');
        return await Promise.resolve({ paid: task.input['amount'] });
      },
      retryAfterSeconds: 0.01,
    });
    worker.start();
    const amounts = [1, 2, 3, 4, 5, 6, 13, 14];
    const statuses = await Promise.all(
      amounts.map((amount) =>
        server.api.ok<{ status: string; variables: object }>('POST', '/workflows/execute', {
          ...{ key: 'pay', userId: 'ann', variables: { amount }, waitSeconds: 20 },
        }),
      ),
    );
    expect(statuses.map(({ status }) => status)).toEqual(amounts.map(() => 'completed'));
    expect(statuses[7]!.variables).toMatchObject({ paid: 14 });
    expect(statuses[6]!.variables).not.toHaveProperty('paid');
    expect(done).toHaveLength(amounts.length + 1);
    await worker.stop();
  });

  it('drops the work whose lease is lost, as it is told when it extends all of them', async () => {
    const ids = [await server.api.start('pay', 'ann', {}), await server.api.start('pay', 'ann', {})];
    const errors: unknown[] = [];
    let cancelled: Promise<unknown> | undefined;
    let begun = 0;
    await new Promise<void>((resolve) => {
      const worker = new Worker(server.url, {
        types: ['pay'],
        leaseSeconds: 1,
        work: async (_task, signal) => {
          begun += 1;
          if (begun === ids.length)
            cancelled = Promise.all(ids.map((id) => server.api.ok('POST', `/workflows/${id}/cancel`)));
          await once(signal, 'abort');
          throw signal.reason;
        },
        onError: (error) => {
          errors.push(error);
          if (errors.length === ids.length) void worker.stop().then(resolve);
        },
      });
      worker.start();
    });
    await cancelled;
    expect(errors).toEqual(
      ids.map((): unknown => expect.objectContaining({ message: expect.stringContaining('gone') })),
    );
  });
});
