import { createInstance } from './create-instance.js';
import type { InstanceState, Scope, Token, Wait } from './instance-state.js';
import { stateFromJson, stateToJson, type StoredState } from './state-json.js';

const root: Scope = { id: 'scope-1', elementId: 'p', parentTokenId: null, variables: {} };
const token: Token = {
  id: 'token-2',
  elementId: 'a',
  scopeId: 'scope-1',
  visit: 2,
  phase: 'entered',
  arrivedBy: null,
  armed: false,
  waits: [{ kind: 'task', id: 'task-3', elementId: 'a', type: 'tag', taskKind: 'job' }],
  answers: null,
  result: null,
};
const waits: readonly Wait[] = [
  { kind: 'timer', id: 'timer-1', elementId: 'b', part: 1, dueAt: 1.5e15, count: 2, answers: { user: { points: 1 } } },
  { kind: 'timer', id: 'timer-2', elementId: 'a', dueAt: 7, count: 1, answers: null },
  { kind: 'message', id: 'subscription-3', elementId: 'b', messageName: 'paid "in full"' },
  { kind: 'condition', id: 'condition-4', elementId: 'a', met: true },
  { kind: 'question', id: 'question-5', elementId: 'a', about: 'profile' },
  { kind: 'join', id: 'token-2', elementId: 'a' },
];
const instance = createInstance({ instanceId: 'i', subjectId: 'ada' });

const states: Readonly<Record<string, InstanceState>> = {
  'before its start': instance,
  'at rest': { ...instance, lastId: 3, entries: 2, scopes: [root], tokens: [token] },
  ended: { ...instance, status: 'terminated', lastId: 3, entries: 2, scopes: [root] },
  'with everything that can be said of an instance': {
    ...createInstance({ instanceId: 'i', subjectId: 'ada', businessKey: 'order "1"', seed: 'other' }),
    stage: 'buyer',
    burst: 50,
    scopes: [
      { ...root, variables: { text: 'a\n"\\\u2028', none: null, list: [1, { a: false }], yes: true, number: -1.5e-9 } },
      { id: 'scope-9', elementId: 'a', parentTokenId: 'token-2', variables: {}, loopCounter: 1, pending: ['b'] },
      {
        id: 'scope-10',
        elementId: 'a',
        parentTokenId: 'token-2',
        variables: {},
        received: [{ elementId: 'c', flows: [] }],
      },
    ],
    tokens: [
      { ...token, waits, armed: true, arrivedBy: 'f', answers: { segments: { vip: true } }, result: [1] },
      { ...token, id: 'token-11', scopeId: 'scope-9', phase: 'leaving', result: 'text', locals: {}, toArm: ['b'] },
      { ...token, id: 'token-12', waits: [], loop: { total: null, started: 1, completed: 0, terminated: 0 } },
      { ...token, id: 'token-13', todo: [{ elementId: 'a', handlerId: null }], startedBy: 0, startAt: ['c'] },
    ],
    incidents: [
      { id: 'incident-8', elementId: 'a', type: 'task-failed', reason: 'No.', remedy: 'Do.', choices: ['f'] },
    ],
  },
  'with ids that need escapes, and names that objects have': {
    ...instance,
    scopes: [
      {
        ...root,
        elementId: '"\\',
        variables: Object.fromEntries([
          ['__proto__', 1],
          ['con"structor', '\ud800'],
        ]),
      },
    ],
    tokens: [{ ...token, elementId: '\u0000\ud83d\ude00é', arrivedBy: '"' }],
  },
};

describe('a stored state', () => {
  it.each(Object.entries(states))('%s is read as it was written', (_name, state) => {
    expect(stateFromJson(JSON.parse(stateToJson(state)) as StoredState)).toStrictEqual(state);
  });

  it.each(Object.entries(states))('%s is read, too, as version 0.1.0 wrote it', (_name, state) => {
    expect(stateFromJson(JSON.parse(JSON.stringify(state)) as StoredState)).toStrictEqual(state);
  });

  it('is short at rest: what has its usual value is left out', () => {
    expect(stateToJson(states['at rest']!)).toBe(
      '{"instanceId":"i","subjectId":"ada","lastId":3,"entries":2,"scopes":[{"id":"scope-1","elementId":"p","variables":{}}],' +
        '"tokens":[{"id":"token-2","elementId":"a","visit":2,"waits":[{"kind":"task","id":"task-3","type":"tag","taskKind":"job"}]}]}',
    );
  });
});
