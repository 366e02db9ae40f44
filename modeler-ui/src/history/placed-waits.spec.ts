import type { HistoryEvent, InstanceToken } from '@xflow/schemas';
import { placedWaits } from './placed-waits.js';
import { historySteps } from './replay.js';

const at = '2026-01-05T09:00:00Z';
const dueAt = Date.parse('2026-01-08T09:00:00Z');
const timer = { kind: 'timer', detail: '2026-01-08T09:00:00.000Z' } as const;

function placesOf(waitingFor: InstanceToken['waitingFor'], ...events: readonly HistoryEvent[]): readonly string[] {
  const steps = historySteps([{ revision: 1, at, input: {}, events: events.map((event) => ({ ...event })) }]);
  return placedWaits([{ elementId: 'Activity', waitingFor }], steps).flatMap((waits) =>
    waits.map(({ elementId }) => elementId),
  );
}
const scheduled = (elementId: string, timerId: string): HistoryEvent => ({
  kind: 'timer-scheduled',
  elementId,
  timerId,
  dueAt,
});

describe('placedWaits', () => {
  it('places a deadline at its boundary event, and the work at the activity', () => {
    expect(placesOf([timer, { kind: 'user-task' }], scheduled('Boundary', 't1'))).toEqual(['Boundary', 'Activity']);
  });

  it('places each of two deadlines that are due together', () => {
    const places = placesOf([timer, timer], scheduled('First', 't1'), scheduled('Second', 't2'));
    expect(new Set(places)).toEqual(new Set(['First', 'Second']));
  });

  it('places messages and signals', () => {
    const places = placesOf(
      [
        { kind: 'message', detail: 'paid' },
        { kind: 'signal', detail: 'sale' },
      ],
      { kind: 'message-awaited', elementId: 'Paid', subscriptionId: 's1', messageName: 'paid', correlationKey: 'u1' },
      { kind: 'signal-awaited', elementId: 'Sale', subscriptionId: 's2', signalName: 'sale' },
    );
    expect(places).toEqual(['Paid', 'Sale']);
  });

  it('forgets a timer that has fired', () => {
    const fired: HistoryEvent = { kind: 'timer-fired', elementId: 'Boundary', timerId: 't1' };
    expect(placesOf([timer], scheduled('Boundary', 't1'), fired)).toEqual(['Activity']);
  });

  it('leaves at the token what the history does not hold', () => {
    expect(placesOf([timer])).toEqual(['Activity']);
  });
});
