import type { HistoryEvent, InstanceToken } from '@xflow/schemas';
import { historySteps, momentAfter } from './replay.js';
import { pastMarks, presentMarks } from './token-marks.js';

const at = '2026-01-05T09:00:00Z';
const stepsOf = (...events: readonly HistoryEvent[]) =>
  historySteps([{ revision: 1, at, input: {}, events: events.map((event) => ({ ...event })) }]);
const token = (elementId: string, ...waitingFor: InstanceToken['waitingFor']) => ({ elementId, waitingFor });
const marksOf = (tokens: readonly ReturnType<typeof token>[], ...events: readonly HistoryEvent[]) =>
  presentMarks(
    tokens,
    stepsOf(...events),
    (key, { detail = '' }) => [key, detail].filter((part) => part !== '').join(' '),
    (time) => new Date(time).toISOString(),
  );

describe('the marks of tokens', () => {
  it('count the tokens that rest at one element', () => {
    expect(marksOf([token('A', { kind: 'user-task' }), token('A', { kind: 'user-task' })])).toEqual([
      { elementId: 'A', count: 2, label: 'waiting.user-task', tone: 'active' },
    ]);
  });

  it('tell an incident, whatever else is waited for', () => {
    expect(marksOf([token('A', { kind: 'incident' })])).toMatchObject([{ elementId: 'A', tone: 'incident' }]);
  });

  it('show the message of a boundary event by its name, at the event', () => {
    const awaited: HistoryEvent = {
      kind: 'message-awaited',
      elementId: 'Boundary',
      subscriptionId: 's1',
      messageName: 'paid',
      correlationKey: 'o1',
    };
    const marks = marksOf([token('A', { kind: 'user-task' }, { kind: 'message', detail: 'paid' })], awaited);
    expect(marks).toEqual([
      { elementId: 'A', count: 1, label: 'waiting.user-task', tone: 'active' },
      { elementId: 'Boundary', count: 1, label: 'paid', tone: 'awaited' },
    ]);
  });

  it('of the past tell where tokens were, not what they waited for', () => {
    const steps = stepsOf(
      { kind: 'element-entered', elementId: 'A', tokenId: 't1' },
      { kind: 'element-completed', elementId: 'A', tokenId: 't1' },
      { kind: 'element-entered', elementId: 'B', tokenId: 't1' },
    );
    expect(pastMarks(momentAfter(steps, 1))).toEqual([{ elementId: 'A', count: 1, label: '', tone: 'active' }]);
  });
});
