import type { InstanceToken } from '@xflow/schemas';
import type { HistoryStep } from './replay.js';
import { dueAt, type Waiting } from './waiting-text.js';

/** Something that a token waits for, at the element that waits for it. */
export interface PlacedWait {
  /** The token's own element, or a boundary event of it, or an event behind an event-based gateway. */
  readonly elementId: string;
  readonly waiting: Waiting;
}

/** An element that began to wait, and has not been heard of since. */
interface Awaited {
  readonly key: string;
  readonly elementId: string;
}

/**
 * Places what tokens wait for. The server tells the waits of a token; the history tells which element began to wait for the
 * same time, message or signal. A wait whose beginning the history does not hold stays at the token.
 * @returns for each token, in the given order, its waits.
 */
export function placedWaits(
  tokens: readonly Pick<InstanceToken, 'elementId' | 'waitingFor'>[],
  steps: readonly HistoryStep[],
): readonly (readonly PlacedWait[])[] {
  const awaited = awaitedAfter(steps);
  return tokens.map((token) =>
    token.waitingFor.map((waiting) => {
      const key = keyOf(waiting);
      // The latest that fits, and each once: two deadlines may be due at the same moment.
      const index = awaited.findLastIndex((entry) => entry.key === key);
      const [found] = index < 0 ? [] : awaited.splice(index, 1);
      return { elementId: found?.elementId ?? token.elementId, waiting };
    }),
  );
}

function awaitedAfter(steps: readonly HistoryStep[]): Awaited[] {
  const awaited = new Map<string, Awaited>();
  for (const { event } of steps) {
    switch (event.kind) {
      case 'timer-scheduled':
        awaited.set(event.timerId, { key: `timer ${event.dueAt}`, elementId: event.elementId });
        break;
      case 'message-awaited': {
        const { subscriptionId: id, elementId, messageName } = event;
        awaited.set(id, { key: `message ${messageName}`, elementId });
        break;
      }
      case 'signal-awaited': {
        const { subscriptionId: id, elementId, signalName } = event;
        awaited.set(id, { key: `signal ${signalName}`, elementId });
        break;
      }
      case 'timer-fired':
        awaited.delete(event.timerId);
        break;
      case 'message-received':
      case 'signal-received':
        awaited.delete(event.subscriptionId);
        break;
      default:
        break;
    }
  }
  return [...awaited.values()];
}

function keyOf(waiting: Waiting): string {
  return `${waiting.kind} ${waiting.kind === 'timer' ? dueAt(waiting) : (waiting.detail ?? '')}`;
}
