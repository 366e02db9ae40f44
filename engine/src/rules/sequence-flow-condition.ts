import { labelOf } from '../compile/bpmn-element.js';
import { isType, type NodeDraft, type Rule } from '../compile/diagram.js';
import type { Finding } from '../compile/diagram.js';

export const sequenceFlowCondition: Rule = {
  name: 'sequence-flow-condition',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        yield* ignoredConditions(node);
        if (isType(node, 'exclusive-gateway') && !isSplit(node)) yield* undecided(node);
      }
  },
};

/** The exclusive gateway takes the first flow whose condition holds, else the default flow: a flow that is neither is never taken. */
function* undecided(node: NodeDraft): Iterable<Finding> {
  if (node.outgoing.length < 2) return;
  const name = labelOf(node.element);
  const bare = node.outgoing.filter(({ condition, isDefault }) => condition === null && !isDefault);
  if (bare.length === node.outgoing.length) {
    yield {
      elementId: node.id,
      message: `The flows of exclusive gateway ${name} have no conditions, so every instance will stop there and ask which flow to take.`,
      remedy: 'Give the flows conditions, and mark one of them as default.',
    };
    return;
  }
  for (const flow of bare)
    yield {
      elementId: flow.id,
      message: `Sequence flow ${labelOf(flow.element)} of exclusive gateway ${name} has no condition and is not the default, so it is never taken.`,
      remedy: 'Add a condition, or mark it as default.',
    };
  if (bare.length === 0 && !node.outgoing.some(({ isDefault }) => isDefault))
    yield {
      elementId: node.id,
      message: `Exclusive gateway ${name} has no default flow, so an instance for which no condition holds will stop there.`,
      remedy: 'Mark one of its flows as default.',
    };
}

function* ignoredConditions(node: NodeDraft): Iterable<Finding> {
  for (const flow of node.outgoing) {
    if (flow.condition === null) continue;
    const reason = flow.isDefault
      ? 'it is the default flow'
      : isType(node, 'parallel-gateway', 'event-based-gateway')
        ? 'its gateway does not choose by conditions'
        : isSplit(node)
          ? 'its gateway draws the arm by weight'
          : null;
    if (reason !== null)
      yield {
        elementId: flow.id,
        message: `The condition of sequence flow ${labelOf(flow.element)} is ignored, because ${reason}.`,
        remedy: 'Remove the condition.',
      };
  }
}

function isSplit({ content }: NodeDraft): boolean {
  return content?.type === 'exclusive-gateway' && content.split !== null;
}
