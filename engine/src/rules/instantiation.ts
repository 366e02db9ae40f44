import { labelOf } from '../compile/bpmn-element.js';
import { type Finding, instantiates, isType, type NodeDraft, type Rule } from '../compile/diagram.js';

/** What may begin an instance besides a start event (BPMN 2.0.2, 10.3.3 and 10.6.6). */
export const instantiation: Rule = {
  name: 'instantiation',
  level: 'error',
  *check({ processes }) {
    for (const process of processes)
      for (const node of process.nodes) {
        if (instantiates(node)) yield* checkStart(node, node.scope.element === process.element);
        else if (node.content?.type === 'event-based-gateway' && node.content.parallel)
          yield {
            elementId: node.id,
            message: `${labelOf(node.element)} waits for all events behind it, which only a gateway that begins instances can.`,
            remedy: 'Mark it as instantiating, or use a parallel gateway with the events behind it.',
          };
      }
  },
};

function* checkStart(node: NodeDraft, inProcess: boolean): Iterable<Finding> {
  const name = labelOf(node.element);
  if (!inProcess)
    yield {
      elementId: node.id,
      message: `${name} begins instances, and it is inside of a subprocess.`,
      remedy: 'Remove instantiate, or move it into the process.',
    };
  else if (node.incoming.length > 0)
    yield {
      elementId: node.id,
      message: `${name} begins instances, and a sequence flow leads to it.`,
      remedy: 'Remove instantiate, or remove the sequence flow.',
    };
  for (const { target } of node.outgoing)
    if (isType(node, 'event-based-gateway') && target !== null && isType(target, 'timer-catch-event'))
      yield {
        elementId: target.id,
        message: `${labelOf(target.element)} is a timer behind ${name}, which begins instances by messages.`,
        remedy: 'Begin by a timer start event instead.',
      };
}
