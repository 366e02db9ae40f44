import { labelOf } from '../compile/bpmn-element.js';
import { type Finding, isType, type NodeDraft, type Rule } from '../compile/diagram.js';

export const eventBasedGateway: Rule = {
  name: 'event-based-gateway',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) if (isType(node, 'event-based-gateway')) yield* check(node);
  },
};

function* check(gateway: NodeDraft): Iterable<Finding> {
  const name = labelOf(gateway.element);
  if (gateway.outgoing.length === 0)
    yield {
      elementId: gateway.id,
      message: `Event-based gateway ${name} waits for nothing.`,
      remedy: 'Connect it to the events that it shall wait for.',
    };
  for (const { target } of gateway.outgoing) {
    if (!target || target.content === null) continue;
    const targetName = labelOf(target.element);
    if (
      !isType(
        target,
        'message-catch-event',
        'timer-catch-event',
        'signal-catch-event',
        'conditional-catch-event',
        'multiple-catch-event',
        'receive-task',
      )
    )
      yield {
        elementId: target.id,
        message: `Event-based gateway ${name} leads to ${targetName}, which does not wait for an event.`,
        remedy: 'Put a catch event (message, timer, signal or condition) or a receive task behind the gateway.',
      };
    else if (target.incoming.length > 1)
      yield {
        elementId: target.id,
        message: `${targetName} is waited for by event-based gateway ${name}, and has other incoming sequence flows too.`,
        remedy: 'Give the gateway an event of its own.',
      };
    else if (target.boundaryEvents.length > 0)
      yield {
        elementId: target.id,
        message: `${targetName} is waited for by event-based gateway ${name}, and has boundary events, which BPMN forbids.`,
        remedy: 'Connect the gateway to events instead of boundary events.',
      };
  }
}
