import type { HistoryEvent } from '@xflow/schemas';
import { historySteps, momentAfter } from './replay.js';

const at = '2026-01-05T09:00:00Z';
function stepsOf(...events: readonly HistoryEvent[]) {
  return historySteps([{ revision: 1, at, input: {}, events: events.map((event) => ({ ...event })) }]);
}
const entered = (elementId: string, tokenId = 't1'): HistoryEvent => ({ kind: 'element-entered', elementId, tokenId });
const left = (elementId: string, tokenId = 't1'): HistoryEvent => ({ kind: 'element-completed', elementId, tokenId });

describe('historySteps', () => {
  it('counts the events over all revisions', () => {
    const items = [
      { revision: 1, at, input: {}, events: [{ ...entered('A') }, { ...left('A') }] },
      { revision: 2, at: '2026-01-06T09:00:00Z', input: {}, events: [{ ...entered('B') }] },
    ];
    expect(historySteps(items).map(({ index, revision }) => [index, revision])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
    ]);
  });
});

describe('momentAfter', () => {
  it('shows a token where it was entered and not left', () => {
    const steps = stepsOf(entered('A'), left('A'), { kind: 'flow-taken', flowId: 'F', why: 'condition' }, entered('B'));
    const moment = momentAfter(steps, 4);
    expect([...moment.tokens]).toEqual([['B', 1]]);
    expect([...moment.visited]).toEqual(['A', 'B']);
    expect([...moment.taken]).toEqual(['F']);
  });

  it('shows an earlier moment as it was', () => {
    const steps = stepsOf(entered('A'), left('A'), entered('B'));
    expect([...momentAfter(steps, 1).tokens]).toEqual([['A', 1]]);
    expect([...momentAfter(steps, 1).visited]).toEqual(['A']);
    expect([...momentAfter(steps, 0).tokens]).toEqual([]);
  });

  it('counts tokens that rest together', () => {
    const steps = stepsOf(entered('A', 't1'), entered('A', 't2'));
    expect(momentAfter(steps, 2).tokens.get('A')).toBe(2);
  });

  it('knows the incidents that are open', () => {
    const raised: HistoryEvent = {
      kind: 'incident-raised',
      elementId: 'A',
      incidentId: 'i',
      type: 'task-failed',
      reason: 'Refused.',
    };
    const steps = stepsOf(entered('A'), raised, {
      kind: 'incident-resolved',
      elementId: 'A',
      incidentId: 'i',
      action: 'retry',
    });
    expect([...momentAfter(steps, 2).incidents]).toEqual(['A']);
    expect([...momentAfter(steps, 3).incidents]).toEqual([]);
  });

  it('shows no token once the instance has ended', () => {
    const steps = stepsOf(entered('A'), { kind: 'instance-ended', outcome: 'cancelled' });
    expect(momentAfter(steps, 2).tokens.size).toBe(0);
  });

  it('takes ids such as __proto__ for strings', () => {
    expect(momentAfter(stepsOf(entered('__proto__')), 1).tokens.get('__proto__')).toBe(1);
  });
});
