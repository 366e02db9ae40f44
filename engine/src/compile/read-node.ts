import { type BpmnElement, elementOf, extensionOf, isA, textOf } from './bpmn-element.js';
import type { NodeContent } from './diagram.js';
import { readActivity } from './read-activity.js';
import { readEvent } from './read-event.js';
import type { Reader } from './reader.js';
import type { WorkReader } from './work.js';

/** What a flow node is by itself, or what makes it one that does not run. */
export type NodeReading = { readonly content: NodeContent } | { readonly unsupported: string };

export interface Readers {
  readonly reader: Reader;
  readonly works: WorkReader;
}

/** Reads a flow node. Mistakes in its texts are remembered by the readers. */
export function readNode(element: BpmnElement, readers: Readers): NodeReading {
  if (isA(element, 'bpmn:Gateway')) return readGateway(element, readers);
  if (isA(element, 'bpmn:Event')) return readEvent(element, readers);
  return readActivity(element, readers);
}

function readGateway(element: BpmnElement, { reader }: Readers): NodeReading {
  switch (element.$type) {
    case 'bpmn:ExclusiveGateway': {
      const split = extensionOf(element, 'xflow:Split');
      const experiment = split && (textOf(split, 'experiment') ?? textOf(element, 'id') ?? '');
      return {
        content: { type: 'exclusive-gateway', split: experiment === null ? null : Object.freeze({ experiment }) },
      };
    }
    case 'bpmn:ParallelGateway':
      return { content: { type: 'parallel-gateway' } };
    case 'bpmn:InclusiveGateway':
      return { content: { type: 'inclusive-gateway' } };
    case 'bpmn:EventBasedGateway':
      return {
        content: {
          type: 'event-based-gateway',
          instantiates: element.get?.('instantiate') === true,
          parallel: textOf(element, 'eventGatewayType') === 'Parallel',
        },
      };
    default: {
      const activation = elementOf(element, 'activationCondition');
      const text = activation && textOf(activation, 'body');
      const condition = text === null ? null : reader.condition(element, text, null, 'the activation condition');
      return { content: { type: 'complex-gateway', activation: condition } };
    }
  }
}
