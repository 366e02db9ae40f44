import { extensionOf, labelOf } from '../compile/bpmn-element.js';
import { type Finding, type FlowDraft, type NodeDraft, type Rule } from '../compile/diagram.js';

export const split: Rule = {
  name: 'split',
  level: 'error',
  *check({ processes }) {
    for (const { nodes, flows } of processes) {
      for (const node of nodes) if (isSplit(node)) yield* checkSplit(node);
      for (const flow of flows)
        if (weightOf(flow) !== null && (!flow.source || !isSplit(flow.source)))
          yield {
            elementId: flow.id,
            message: `Sequence flow ${labelOf(flow.element)} has an xflow:weight, and does not leave a gateway with xflow:split.`,
            remedy: 'Give its gateway an xflow:split, or remove the weight.',
          };
    }
  },
};

function* checkSplit(node: NodeDraft): Iterable<Finding> {
  const name = labelOf(node.element);
  if (node.outgoing.length < 2)
    yield {
      elementId: node.id,
      message: `Split ${name} has fewer than two arms.`,
      remedy: 'Draw a sequence flow for every arm, and give each an xflow:weight.',
    };
  for (const flow of node.outgoing) {
    const weight = weightOf(flow);
    const value: unknown = weight?.get?.('value');
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      yield {
        elementId: flow.id,
        message: `Sequence flow ${labelOf(flow.element)} of split ${name} has no weight of zero or more.`,
        remedy: 'Give it an xflow:weight, for example value="50": shares are relative to the sum of the weights.',
      };
  }
  const sum = node.outgoing.reduce((total, flow) => total + Number(weightOf(flow)?.get?.('value') ?? 0), 0);
  if (node.outgoing.length > 0 && sum === 0)
    yield {
      elementId: node.id,
      message: `All weights of split ${name} are zero.`,
      remedy: 'Give at least one arm a weight above zero.',
    };
}

function isSplit({ content }: NodeDraft): boolean {
  return content?.type === 'exclusive-gateway' && content.split !== null;
}

function weightOf({ element }: FlowDraft) {
  return extensionOf(element, 'xflow:Weight');
}
