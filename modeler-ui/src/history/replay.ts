import type { HistoryEvent, InstanceHistory } from '@xflow/schemas';

/** One event, with its place: steps are counted from 0 over the whole history. */
export interface HistoryStep {
  readonly index: number;
  readonly revision: number;
  /** RFC 3339. */
  readonly at: string;
  readonly event: HistoryEvent;
}

/** What the diagram shows at one moment of the history. */
export interface Moment {
  /** How many tokens rest at an element; elements without one are absent. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Elements that a token has entered so far. */
  readonly visited: ReadonlySet<string>;
  /** Sequence flows that were taken so far. */
  readonly taken: ReadonlySet<string>;
  /** Elements with an incident that is open at this moment. */
  readonly incidents: ReadonlySet<string>;
}

/** The events of a history in their order, each a step of its own. */
export function historySteps(items: InstanceHistory['items']): readonly HistoryStep[] {
  const steps: HistoryStep[] = [];
  for (const { revision, at, events } of items) {
    for (const event of events) {
      steps.push({ index: steps.length, revision, at, event: event as unknown as HistoryEvent });
    }
  }
  return steps;
}

/** The moment after the first `count` steps. */
export function momentAfter(steps: readonly HistoryStep[], count: number): Moment {
  const resting = new Map<string, string>();
  const visited = new Set<string>();
  const taken = new Set<string>();
  const incidents = new Map<string, string>();
  for (const { event } of steps.slice(0, count)) {
    switch (event.kind) {
      case 'element-entered':
        resting.set(`${event.tokenId} ${event.elementId}`, event.elementId);
        visited.add(event.elementId);
        break;
      case 'element-completed':
      case 'element-cancelled':
        resting.delete(`${event.tokenId} ${event.elementId}`);
        break;
      case 'flow-taken':
        taken.add(event.flowId);
        break;
      case 'incident-raised':
        incidents.set(event.incidentId, event.elementId);
        break;
      case 'incident-resolved':
        incidents.delete(event.incidentId);
        break;
      case 'instance-migrated': {
        const targets = new Map(event.elements.map(({ source, target }) => [source, target]));
        for (const [key, elementId] of [...resting]) {
          const target = targets.get(elementId);
          if (target === undefined) continue;
          resting.delete(key);
          resting.set(`${key.slice(0, -elementId.length)}${target}`, target);
        }
        for (const [id, elementId] of incidents) incidents.set(id, targets.get(elementId) ?? elementId);
        break;
      }
      case 'instance-ended':
        resting.clear();
        incidents.clear();
        break;
      default:
        break;
    }
  }
  const tokens = new Map<string, number>();
  for (const elementId of resting.values()) tokens.set(elementId, (tokens.get(elementId) ?? 0) + 1);
  return { tokens, visited, taken, incidents: new Set(incidents.values()) };
}
