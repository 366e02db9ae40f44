/** A new workflow: one start event. `id` makes the process id unique; it must be an XML name part. */
export function newDiagram(id: string, name: string): string {
  const escaped = name.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:xflow="urn:xflow:bpmn:1.0" id="Definitions_${id}" targetNamespace="urn:xflow:workflows">
  <bpmn:process id="workflow-${id}" name="${escaped}" isExecutable="true">
    <bpmn:startEvent id="Start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_${id}">
    <bpmndi:BPMNPlane id="Plane_${id}" bpmnElement="workflow-${id}">
      <bpmndi:BPMNShape id="Start_di" bpmnElement="Start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
}
