import type { HistoryEvent } from '@xflow/schemas';
import type { Effect, OpenSubscriptionEffect } from '../effect.js';
import { isoInstant } from '../timers/iso-instant.js';

/** What a step brought about, without the ids it gave out: a short text a fact, such as `enters "Task_1"`. */
export function factsOf({
  effects,
  events,
}: {
  readonly effects: readonly Effect[];
  readonly events: readonly HistoryEvent[];
}): readonly string[] {
  return [...events.flatMap(factOfEvent), ...effects.flatMap(factOfEffect)];
}

function factOfEvent(event: HistoryEvent): readonly string[] {
  switch (event.kind) {
    case 'element-entered':
      return [`enters "${event.elementId}"`];
    case 'element-cancelled':
      return [`cancels "${event.elementId}"`];
    case 'variables-set':
      return Object.entries(event.variables).map(([name, value]) => `sets "${name}" to ${JSON.stringify(value)}`);
    case 'error-thrown':
      return [`throws error "${event.code}" at "${event.elementId}"`];
    default:
      return [];
  }
}

function factOfEffect(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'schedule-timer':
      return [`waits at "${effect.elementId}" until ${isoInstant(effect.dueAt)}`];
    case 'open-subscription':
      return [`waits at "${effect.elementId}" for ${happening(effect)}`];
    case 'create-task': {
      const { elementId, type, config, input } = effect;
      return [`has task "${type}" done at "${elementId}" with ${JSON.stringify({ ...config, ...input })}`];
    }
    case 'change-user':
      return [`changes the user at "${effect.elementId}": ${JSON.stringify(effect.change)}`];
    case 'start-instance':
      return [`calls "${effect.workflowKey}" at "${effect.elementId}" with ${JSON.stringify(effect.variables)}`];
    case 'raise-incident':
      return [`raises incident ${effect.incident.type} at "${effect.incident.elementId}"`];
    case 'end':
      return [`ends: ${effect.outcome}`];
    case 'ask':
    case 'cancel-timer':
    case 'close-subscription':
    case 'cancel-task':
    case 'cancel-instance':
    case 'resolve-incident':
    case 'rename-elements':
      return [];
    default: {
      // Effects that leave the instance, such as signals and messages.
      const { kind, ...content } = effect;
      return [`${kind} ${JSON.stringify(content)}`];
    }
  }
}

function happening({ event, messageName, correlationKey }: OpenSubscriptionEffect): string {
  switch (event) {
    case 'message':
      return `"${messageName}" with key "${correlationKey}"`;
    case 'signal':
      return `signal "${messageName}"`;
    case 'user':
      return 'a change of the user';
  }
}
