import type { Json } from '@xflow/engine';
import { registeredHandler } from './registered-handler.js';

const job = { run: (): Promise<Json> => Promise.resolve(null) };
const answers = { answer: () => Promise.resolve([]) };
const schema = { type: 'object' };

describe('registering a task handler', () => {
  it('fills in the defaults', () => {
    expect(registeredHandler('Own', { type: 'own', options: { schema } }, job)).toMatchObject({
      taskType: { type: 'own', kind: 'job', title: 'own', description: '', schema },
      policy: {
        ...{
          maxAttempts: 5,
          backoff: { first: 1_000, longest: 300_000 },
          timeout: 30_000,
          concurrency: 32,
          priority: 0,
        },
        limits: { concurrency: null, rate: null },
      },
    });
  });

  it('has the limits that an operator sets rather than those of its class', () => {
    const limits = { concurrency: 5, rate: null };
    const ofClass = { type: 'own', options: { schema, limits: { concurrency: 9, rate: null } } };
    expect(registeredHandler('Own', ofClass, job, new Map([['own', limits]])).policy.limits).toEqual(limits);
  });

  it('takes what a shipped type is from the catalog', () => {
    const { taskType } = registeredHandler('Mine', { type: 'send-email', options: {} }, job);
    expect(taskType).toMatchObject({ kind: 'job', title: 'Send an e-mail' });
  });

  it.each([
    ['neither method', { schema }, {}, 'exactly one of the methods'],
    ['both methods', { schema }, { ...job, ...answers }, 'exactly one of the methods'],
    ['no schema', {}, job, 'it has no schema'],
    ['a schema of no object', { schema: { type: 'string' } }, job, 'must be of type "object"'],
    ['too many attempts', { schema, maxAttempts: 101 }, job, 'from 1 to 100'],
    ['no time', { schema, timeoutMs: 0 }, job, 'from 1 to 3600000'],
    ['a backoff without a time', { schema, backoff: { first: 0, longest: 1 } }, job, 'whole numbers from 1 to'],
    ['a priority that is none', { schema, priority: NaN }, job, 'priority must be'],
    ['no room', { schema, concurrency: 1.5 }, job, 'from 1 to 1000'],
  ])('refuses %s', (_what, options, instance, problem) => {
    const register = () => registeredHandler('Own', { type: 'own', options }, instance);
    expect(register).toThrow(`The task handler Own of type "own" cannot be registered: `);
    expect(register).toThrow(problem);
  });

  it('refuses a shipped type of the other kind, and a type that is no name', () => {
    expect(() => registeredHandler('Own', { type: 'tag', options: {} }, job)).toThrow('shipped as answer');
    expect(() => registeredHandler('Own', { type: 'a b', options: { schema } }, job)).toThrow('Rename it');
  });
});
