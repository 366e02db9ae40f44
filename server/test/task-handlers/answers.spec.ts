import type { Json, TaskAnswer } from '@xflow/engine';
import type { StartResponse, Upgrade, User, UserLifecycle } from '@xflow/schemas';
import { TaskHandler, type AnswerHandler, type AnswerRequest } from '../../src/task-handlers/task-handler.js';
import { diagram, end, process, sequence, start, task } from '../diagram.js';
import { startTestServer, type TestServer } from '../test-server.js';

const extended = (id: string, element: string): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements>${element}</bpmn:extensionElements></bpmn:serviceTask>`;

/** How many requests came in one call: the batch of the runner. */
const calls: number[] = [];

@TaskHandler('double', { schema: { type: 'object', properties: { number: { type: 'number' } }, required: ['number'] } })
class Double implements AnswerHandler<{ number: number }> {
  answer(requests: readonly AnswerRequest<{ number: number }>[]): Promise<TaskAnswer[]> {
    calls.push(requests.length);
    return Promise.resolve(requests.map(({ config }) => ({ result: config.number * 2 })));
  }
}

@TaskHandler('broken', { schema: { type: 'object' } })
class Broken implements AnswerHandler {
  async answer(
    _requests: readonly AnswerRequest[],
    { client }: { client: { query(text: string): Promise<unknown> } },
  ): Promise<never> {
    await client.query('SELECT 1 / 0');
    throw new Error('unreachable');
  }
}

describe('handlers that answer', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ handlers: [Double, Broken] });
    const spent = (value: number) => ({ event: 'purchase', aggregate: 'sum', of: 'amount', operator: 'gte', value });
    await server.api.ok('PUT', '/ladders/loyalty', {
      id: 'loyalty',
      tiers: [
        { tier: 'bronze', rule: spent(0), rewards: ['card'], points: 1 },
        { tier: 'silver', rule: spent(100), rewards: ['mug'], points: 10 },
        { tier: 'gold', rule: spent(1000), rewards: ['party'], points: 100 },
      ],
    });
    await server.api.ok('POST', '/segments', { id: 'tagged', rule: { tag: 'fresh' } });
    const processes = [
      process('climb', sequence(start, extended('up', '<xflow:tierUpgrade ladder="loyalty"/>'), end)),
      process('judge', sequence(start, extended('up', '<xflow:tierUpgrade ladder="loyalty" mode="evaluate"/>'), end)),
      process('check', sequence(start, extended('in', '<xflow:segmentCheck segment="tagged"/>'), end)),
      process(
        'change',
        sequence(
          start,
          extended('set', '<xflow:updateProfile><xflow:set name="color" value="red"/></xflow:updateProfile>'),
          extended('mark', '<xflow:tag add="fresh, new" remove="old"/>'),
          extended('in', '<xflow:segmentCheck segment="tagged"/>'),
          end,
        ),
      ),
      process('own', sequence(start, task('twice', 'double', { number: '=n' }), end)),
      process('bad', sequence(start, task('fails', 'broken'), end)),
    ];
    for (const one of processes) await server.api.deploy(diagram(one));
  });

  const spend = (userId: string, amount: number) =>
    server.api.ok('POST', '/events', { userId, name: 'purchase', properties: { amount } });
  const run = async (key: string, userId: string, variables: object = {}): Promise<Record<string, Json>> => {
    const status = await server.api.status(await server.api.start(key, userId, variables));
    expect(status.status).toBe('completed');
    return status.variables as Record<string, Json>;
  };

  it('lifts a user to the highest tier met, with its rewards and points, once', async () => {
    await spend('tia', 150);
    expect(await run('climb', 'tia')).toEqual({
      tierUpgrade: { tier: 'silver', previousTier: null, upgraded: true, rewards: ['mug'] },
    });
    expect(await run('climb', 'tia')).toEqual({
      tierUpgrade: { tier: 'silver', previousTier: 'silver', upgraded: false, rewards: [] },
    });
    expect(await server.api.ok<User>('GET', '/users/tia')).toMatchObject({ tier: 'silver', points: 10 });
    const lifecycle = await server.api.ok<UserLifecycle>('GET', '/users/tia/lifecycle');
    expect(lifecycle.transitions).toMatchObject([
      { kind: 'tier', from: null, to: 'silver', workflowKey: 'climb', elementId: 'up' },
    ]);
    const { items } = await server.api.ok<{ items: Upgrade[] }>('GET', '/ladders/loyalty/upgrades');
    expect(items).toMatchObject([{ userId: 'tia', from: null, to: 'silver', rewards: ['mug'], elementId: 'up' }]);
  });

  it('goes down only when told to evaluate, and does not reward the same tier again', async () => {
    await spend('dan', 2000);
    await run('climb', 'dan');
    await spend('dan', -1950);
    expect(await run('climb', 'dan')).toMatchObject({ tierUpgrade: { tier: 'gold', upgraded: false } });
    expect(await run('judge', 'dan')).toMatchObject({
      tierUpgrade: { tier: 'bronze', previousTier: 'gold', upgraded: false, rewards: [] },
    });
    await spend('dan', 1000);
    expect(await run('judge', 'dan')).toMatchObject({ tierUpgrade: { tier: 'gold', upgraded: true, rewards: [] } });
    expect(await server.api.ok<User>('GET', '/users/dan')).toMatchObject({ tier: 'gold', points: 100 });
  });

  it('rewards once when many instances of one user run in one batch', async () => {
    await spend('mia', 1000);
    const starts = Array.from({ length: 20 }, () => ({ userId: 'mia' }));
    await server.api.ok<StartResponse>('POST', '/workflows/climb/start', { users: starts });
    await server.api.rest();
    expect(await server.api.ok<User>('GET', '/users/mia')).toMatchObject({ tier: 'gold', points: 100 });
  });

  it('changes the profile, and a check later in the same step sees it', async () => {
    await server.api.ok('PUT', '/users/eva', { tags: ['old', 'kept'] });
    expect(await run('check', 'eva')).toEqual({ inSegment: false });
    expect(await run('change', 'eva')).toEqual({ inSegment: true });
    const user = await server.api.ok<User>('GET', '/users/eva');
    expect(user.attributes).toMatchObject({ color: 'red' });
    expect([...user.tags].sort()).toEqual(['fresh', 'kept', 'new']);
  });

  it("asks a developer's handler for a whole batch at once", async () => {
    calls.length = 0;
    await server.api.createUsers('own1');
    const { instances } = await server.api.ok<StartResponse>('POST', '/workflows/own/start', {
      users: Array.from({ length: 50 }, (_, n) => ({ userId: 'own1', variables: { n } })),
    });
    await server.api.rest();
    expect(calls.reduce((sum, size) => sum + size, 0)).toBe(50);
    expect(calls.length).toBeLessThan(10);
    expect((await server.api.status(instances[49]!.id)).variables).toMatchObject({ result: 98 });
  });

  it('makes an incident of a handler that fails, and leaves the rest of the batch alone', async () => {
    await server.api.createUsers('inc');
    const status = await server.api.status(await server.api.start('bad', 'inc'));
    expect(status).toMatchObject({ status: 'active', incidents: [{ elementId: 'fails', type: 'answer-failed' }] });
    expect(status.incidents[0]!.reason).toContain('"broken" failed: division by zero');
  });
});
