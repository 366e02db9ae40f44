import { labelOf } from '../compile/bpmn-element.js';
import { startsWithoutEvent } from '../compile/build-definition.js';
import { instantiates, isType, type NodeDraft, type Rule, type ScopeDraft } from '../compile/diagram.js';

export const unreachableNode: Rule = {
  name: 'unreachable-node',
  level: 'warning',
  *check({ processes }) {
    for (const { scopes } of processes)
      for (const scope of scopes) {
        const reached = reachable(scope);
        for (const node of scope.nodes)
          if (!reached.has(node))
            yield {
              elementId: node.id,
              message: `${labelOf(node.element)} can never be reached from a start event.`,
              remedy: 'Connect it, or delete it.',
            };
      }
  },
};

function reachable({ nodes }: ScopeDraft): ReadonlySet<NodeDraft> {
  const starts = nodes.filter(({ element }) => element.$type === 'bpmn:StartEvent');
  const reached = new Set([
    ...(starts.length > 0 ? starts : nodes.filter(startsWithoutEvent)),
    ...nodes.filter((node) => isType(node, 'event-subprocess') || instantiates(node)),
  ]);
  // A set that grows while it is walked visits what was added.
  for (const node of reached) {
    for (const { target } of node.outgoing) if (target) reached.add(target);
    for (const boundary of node.boundaryEvents) reached.add(boundary);
    if (node.handler) reached.add(node.handler);
  }
  return reached;
}
