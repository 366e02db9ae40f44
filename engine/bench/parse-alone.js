import { xflowModdle } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';

const moddle = new BpmnModdle({ xflow: xflowModdle });

/** What the compiler builds upon, by itself. */
export const parseAlone = (xml) => moddle.fromXML(xml);
