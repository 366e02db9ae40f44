import { bpmn, compileAll, cycle } from '../../test/bpmn.js';
import type { StartEvent } from '../definition.js';
import { isoInstant } from './iso-instant.js';
import { nextStart } from './next-start.js';

async function startTimer(text: string): Promise<Extract<StartEvent, { kind: 'timer' }>> {
  const [definition] = await compileAll(bpmn(`<bpmn:startEvent id="tick">${cycle(text)}</bpmn:startEvent>`));
  const start = definition?.startEvents[0];
  if (start?.kind !== 'timer') throw new Error('Expected a timer start event.');
  return start;
}

describe('nextStart', () => {
  it('tells when the next instance starts', async () => {
    const start = await startTimer('R/2026-01-05T09:00:00Z/P1D');
    const next = nextStart(start, Date.UTC(2026, 2, 1, 10));
    expect(next.ok && next.dueAt !== null && isoInstant(next.dueAt)).toBe('2026-03-02T09:00:00.000Z');
  });

  it('counts the starts of a bounded cycle', async () => {
    const start = await startTimer('R2/PT1H');
    expect([1, 2, 3].map((count) => nextStart(start, 0, count))).toEqual([
      { ok: true, dueAt: 3_600_000, count: 1 },
      { ok: true, dueAt: 3_600_000, count: 2 },
      { ok: true, dueAt: null, count: 3 },
    ]);
  });
});
