import { labelOf } from '../compile/bpmn-element.js';
import { type Finding, isType, type NodeDraft, type Rule, type ScopeDraft } from '../compile/diagram.js';
import { linkName } from '../compile/read-event.js';

/** A link is one end of a sequence flow that is not drawn (BPMN 2.0.2, 10.5.5 and table 10.99). */
export const link: Rule = {
  name: 'link',
  level: 'error',
  *check({ processes }) {
    for (const process of processes)
      for (const scope of process.scopes) {
        const catches = scope.nodes.filter((node) => isType(node, 'link-catch-event'));
        for (const node of scope.nodes)
          if (isType(node, 'link-throw-event')) yield* checkThrow(node, catches, process.scopes);
        yield* checkCatches(catches);
      }
  },
};

function* checkThrow(node: NodeDraft, catches: readonly NodeDraft[], scopes: readonly ScopeDraft[]): Iterable<Finding> {
  const name = linkName(node.element);
  const event = `Link throw event ${labelOf(node.element)}`;
  if (name === null) {
    yield {
      elementId: node.id,
      message: `${event} has a link without a name, so nobody can say where it leads.`,
      remedy: 'Give the link the name of a link catch event in the same process or subprocess.',
    };
    return;
  }
  const drawn = node.outgoing.find(({ element }) => element !== node.element);
  if (drawn)
    yield {
      elementId: node.id,
      message: `${event} has the outgoing sequence flow ${labelOf(drawn.element)}, and its link leads on already.`,
      remedy: 'Remove the sequence flow, or replace the link by it.',
    };
  if (catches.some(({ element }) => linkName(element) === name)) return;
  const elsewhere = scopes
    .flatMap(({ nodes }) => nodes)
    .find((other) => isType(other, 'link-catch-event') && linkName(other.element) === name);
  yield {
    elementId: node.id,
    message: elsewhere
      ? `${event} leads to "${name}", which is caught by ${labelOf(elsewhere.element)} in ${labelOf(elsewhere.scope.element)}: a link stays within its process or subprocess.`
      : `${event} leads to "${name}", and no link catch event has this name.`,
    remedy: 'Put a link catch event of this name into the same process or subprocess.',
  };
}

function* checkCatches(catches: readonly NodeDraft[]): Iterable<Finding> {
  const first = new Map<string, NodeDraft>();
  for (const node of catches) {
    const { id, element, incoming } = node;
    const name = linkName(element);
    const drawn = incoming.find((flow) => flow.source !== null && !isType(flow.source, 'link-throw-event'));
    if (drawn)
      yield {
        elementId: id,
        message: `Link catch event ${labelOf(element)} has the incoming sequence flow ${labelOf(drawn.element)}, and is reached by its link alone.`,
        remedy: 'Let the sequence flow lead to what comes after the event, or throw the link.',
      };
    if (name === null)
      yield {
        elementId: id,
        message: `Link catch event ${labelOf(element)} has a link without a name, so nothing can lead to it.`,
        remedy: 'Give the link a name, and throw it by this name.',
      };
    else if (first.has(name))
      yield {
        elementId: id,
        message: `Link catch event ${labelOf(element)} catches "${name}", as ${labelOf(first.get(name)!.element)} does, so nobody can say where the link leads.`,
        remedy: 'Give one of them another name: many may throw a link, one catches it.',
      };
    else first.set(name, node);
  }
}
