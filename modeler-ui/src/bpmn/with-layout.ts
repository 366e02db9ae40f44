import { BpmnModdle } from 'bpmn-moddle';
import { childrenOf, type ModdleElement } from './moddle.js';

/**
 * Files written by hand or by programs may have no diagram (BPMN DI): they run, but there is nothing to see. Such a file is
 * laid out; one that has a diagram comes back as it is, and so does one that cannot be laid out, for the importer to say why.
 */
export async function withLayout(xml: string): Promise<string> {
  if (/<(?:\w+:)?BPMNShape\b/.test(xml)) return xml;
  // The layout reads the file by itself, and would lose elements with other ids.
  if (/\sid\s*=\s*["'][^"']*[^\x20-\x7e][^"']*["']/.test(xml)) return xml;
  const { layoutProcess } = await import('bpmn-auto-layout');
  try {
    return await layoutProcess(await withConnections(xml));
  } catch {
    return xml;
  }
}

/** Nodes may leave out which flows connect them, since the flows say it as well; the layout goes by the nodes. */
async function withConnections(xml: string): Promise<string> {
  const moddle = new BpmnModdle({});
  const { rootElement, elementsById } = await moddle.fromXML(xml);
  for (const flow of Object.values(elementsById)) {
    if (flow.$type !== 'bpmn:SequenceFlow') continue;
    connect(flow['sourceRef'], 'outgoing', flow);
    connect(flow['targetRef'], 'incoming', flow);
  }
  return (await moddle.toXML(rootElement)).xml;
}

function connect(node: unknown, direction: 'incoming' | 'outgoing', flow: ModdleElement): void {
  if (typeof node !== 'object' || node === null) return;
  const element = node as ModdleElement;
  const flows = childrenOf(element, direction);
  if (!flows.includes(flow)) element[direction] = [...flows, flow];
}
