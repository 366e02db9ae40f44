import { labelOf } from '../compile/bpmn-element.js';
import { type Finding, isType, type NodeDraft, type Rule } from '../compile/diagram.js';
import type { SingleTrigger } from '../trigger.js';
import { partsOf } from '../step/await-trigger.js';

/** What is thrown reaches one of those that catch it at an activity or in a scope (BPMN 2.0.2, 10.5.1 and 10.5.6). */
export const duplicateCatch: Rule = {
  name: 'duplicate-catch',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes, scopes } of processes) {
      for (const { element, boundaryEvents } of nodes)
        if (boundaryEvents.length > 1) yield* check(boundaryEvents, `at ${labelOf(element)}`);
      for (const scope of scopes) {
        const starts = scope.nodes.flatMap(({ inner }) =>
          inner ? inner.nodes.filter((node) => isType(node, 'event-subprocess-start-event')) : [],
        );
        if (starts.length > 1) yield* check(starts, `in ${labelOf(scope.element)}`);
      }
    }
  },
};

function* check(catching: readonly NodeDraft[], where: string): Iterable<Finding> {
  const first = new Map<string, NodeDraft>();
  for (const node of catching)
    for (const caught of new Set(caughtBy(node))) {
      const other = first.get(caught);
      if (other === undefined) first.set(caught, node);
      else
        yield {
          elementId: node.id,
          message: `${labelOf(node.element)} and ${labelOf(other.element)} ${where} both catch ${caught}, which reaches ${labelOf(other.element)} only.`,
          remedy: 'Give one of them another code, or remove it.',
        };
    }
}

/** In words; a signal, a message or a time reaches all. */
function caughtBy({ content }: NodeDraft): string[] {
  if (content?.type !== 'boundary-event' && content?.type !== 'event-subprocess-start-event') return [];
  return partsOf(content.trigger).flatMap(([part]) => wordsFor(part) ?? []);
}

function wordsFor(trigger: SingleTrigger): string | null {
  switch (trigger.kind) {
    case 'error':
      return trigger.errorCode === null ? 'all errors' : `error "${trigger.errorCode}"`;
    case 'escalation':
      return trigger.escalationCode === null ? 'all escalations' : `escalation "${trigger.escalationCode}"`;
    case 'compensation':
      return 'compensation';
    case 'cancel':
      return 'the cancellation';
    default:
      return null;
  }
}
