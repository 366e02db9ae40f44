import { withLayout } from './with-layout.js';

const process = (content: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="urn:xflow:bpmn:1.0" targetNamespace="urn:test">
  <bpmn:process id="p" isExecutable="true">${content}</bpmn:process>
</bpmn:definitions>`;

const journey = process(`<bpmn:startEvent id="start"/>
  <bpmn:serviceTask id="check"><bpmn:extensionElements><xflow:segmentCheck segment="vip"/></bpmn:extensionElements></bpmn:serviceTask>
  <bpmn:endEvent id="end"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
  <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="end"/>`);

describe('withLayout', () => {
  it('draws every node and flow of a file without a diagram, also when the nodes do not name their flows', async () => {
    const xml = await withLayout(journey);
    for (const id of ['start', 'check', 'end']) expect(xml).toMatch(new RegExp(`BPMNShape[^>]*bpmnElement="${id}"`));
    for (const id of ['f1', 'f2']) expect(xml).toMatch(new RegExp(`BPMNEdge[^>]*bpmnElement="${id}"`));
  });

  it('keeps what the file says about xflow', async () => {
    expect(await withLayout(journey)).toContain('<xflow:segmentCheck segment="vip"');
  });

  it('leaves a file with a diagram as it is', async () => {
    const drawn = await withLayout(journey);
    expect(await withLayout(drawn)).toBe(drawn);
  });

  it('leaves a file as it is whose ids the layout would lose', async () => {
    const xml = journey.replaceAll('start"', '开始"');
    expect(await withLayout(xml)).toBe(xml);
  });

  it('leaves a file that cannot be read as it is', async () => {
    expect(await withLayout('<bpmn:definitions')).toBe('<bpmn:definitions');
  });
});
