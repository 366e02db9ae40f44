import type { Json } from '@xflow/engine';
import { registeredHandler } from './registered-handler.js';

const job = { run: (): Promise<Json> => Promise.resolve(null) };
const answers = { answer: () => Promise.resolve([]) };
const schema = { type: 'object' };

describe('registering a task handler', () => {
  it('fills in the defaults', () => {
    expect(registeredHandler('Own', { type: 'own', options: { schema } }, job)).toMatchObject({
      taskType: { type: 'own', kind: 'job', title: 'own', description: '', schema },
      maxAttempts: 5,
      timeoutMs: 30_000,
      concurrency: 32,
    });
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
    ['too many attempts', { schema, maxAttempts: 6 }, job, 'from 1 to 5'],
    ['no time', { schema, timeoutMs: 0 }, job, 'from 1 to 60000'],
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
