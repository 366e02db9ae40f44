import { type BpmnElement, elementOf, elementsOf, idOf, isA, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

export const messageFlow: Rule = {
  name: 'message-flow',
  level: 'error',
  *check({ definitions, dangling }) {
    const collaborations = elementsOf(definitions, 'rootElements').filter((root) => isA(root, 'bpmn:Collaboration'));
    for (const collaboration of collaborations) {
      const pools = new Map(
        elementsOf(collaboration, 'participants').flatMap((participant) => {
          const process = elementOf(participant, 'processRef');
          return process ? [[process, participant] as const] : [];
        }),
      );
      for (const flow of elementsOf(collaboration, 'messageFlows')) {
        const mistake = dangling.has(idOf(flow)) ? null : mistakeOf(flow, pools);
        if (mistake !== null)
          yield {
            elementId: idOf(flow),
            message: `Message flow ${labelOf(flow)} ${mistake}.`,
            remedy:
              'Draw it from one pool to another: from a pool, a task or an event that throws, to a pool, a task or an event that catches.',
          };
      }
    }
  },
};

/** BPMN 2.0.2, tables 7.4 and 9.2. */
function mistakeOf(flow: BpmnElement, pools: ReadonlyMap<BpmnElement, BpmnElement>): string | null {
  const source = elementOf(flow, 'sourceRef');
  const target = elementOf(flow, 'targetRef');
  if (!source || !target) return source ? 'leads nowhere' : 'comes from nowhere';
  if (!canSend(source)) return `comes from ${labelOf(source)}, which sends no messages`;
  if (!canReceive(target)) return `leads to ${labelOf(target)}, which receives no messages`;
  return poolOf(source, pools) === poolOf(target, pools) ? 'stays within one pool' : null;
}

function canSend(element: BpmnElement): boolean {
  return (
    isA(element, 'bpmn:Participant') || isA(element, 'bpmn:Activity') || isMessageEvent(element, 'bpmn:ThrowEvent')
  );
}

function canReceive(element: BpmnElement): boolean {
  return (
    isA(element, 'bpmn:Participant') || isA(element, 'bpmn:Activity') || isMessageEvent(element, 'bpmn:CatchEvent')
  );
}

/** An event without definition is one that is not worked out yet. */
function isMessageEvent(element: BpmnElement, type: string): boolean {
  const definitions = [...elementsOf(element, 'eventDefinitions'), ...elementsOf(element, 'eventDefinitionRef')];
  return (
    isA(element, type) &&
    (definitions.length === 0 || definitions.some(({ $type }) => $type === 'bpmn:MessageEventDefinition'))
  );
}

/** The participant, or the process where no participant stands for it. */
function poolOf(element: BpmnElement, pools: ReadonlyMap<BpmnElement, BpmnElement>): BpmnElement | null {
  for (let at: BpmnElement | undefined = element; at; at = at.$parent) {
    if (at.$type === 'bpmn:Participant') return at;
    if (at.$type === 'bpmn:Process') return pools.get(at) ?? at;
  }
  return null;
}
