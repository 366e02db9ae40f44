import { xflowModdle } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';

// The namespace of the benchmarks' diagrams is one of those that mean xflow.
const moddle = new BpmnModdle(
  { xflow: xflowModdle },
  { nsMap: { 'http://example.com/bpmn/xflow-extension': 'xflow' } },
);

/** What the compiler builds upon, by itself. */
export const parseAlone = (xml) => moddle.fromXML(xml);
