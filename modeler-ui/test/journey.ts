import type { HistoryEvent, InstanceHistory, InstanceStatus, Workflow, WorkflowSummary } from '@xflow/schemas';

/** A journey with a segment check, a gateway and a wait, as an operator has drawn it. */
export const journey = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xflow="urn:xflow:bpmn:1.0" id="Definitions_vip" targetNamespace="urn:test">
  <bpmn:process id="vip" name="VIP journey" isExecutable="true">
    <bpmn:extensionElements>
      <xflow:lifecycle stage="Activation" />
      <xflow:frequencyCap max="2" window="P7D" />
    </bpmn:extensionElements>
    <bpmn:startEvent id="Start"><bpmn:outgoing>ToCheck</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="Check" name="Check spending">
      <bpmn:extensionElements>
        <xflow:lifecycle stage="Revenue" color="#fb8c00" description="Worth the effort" />
        <xflow:segmentCheck segment="big-spenders" resultVariable="big" />
      </bpmn:extensionElements>
      <bpmn:incoming>ToCheck</bpmn:incoming>
      <bpmn:outgoing>ToBig</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:exclusiveGateway id="Big" name="Big spender?" default="ToEnd">
      <bpmn:incoming>ToBig</bpmn:incoming>
      <bpmn:outgoing>ToWait</bpmn:outgoing>
      <bpmn:outgoing>ToEnd</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:intermediateCatchEvent id="Wait" name="A while">
      <bpmn:extensionElements>
        <xflow:wait duration="P3D" zone="=user.attributes.zone" window="09:00-18:00" />
      </bpmn:extensionElements>
      <bpmn:incoming>ToWait</bpmn:incoming>
      <bpmn:outgoing>ToLate</bpmn:outgoing>
      <bpmn:timerEventDefinition id="WaitTimer" />
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="Late"><bpmn:incoming>ToLate</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="End"><bpmn:incoming>ToEnd</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="ToCheck" sourceRef="Start" targetRef="Check" />
    <bpmn:sequenceFlow id="ToBig" sourceRef="Check" targetRef="Big" />
    <bpmn:sequenceFlow id="ToWait" name="yes" sourceRef="Big" targetRef="Wait">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=big</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="ToLate" sourceRef="Wait" targetRef="Late" />
    <bpmn:sequenceFlow id="ToEnd" sourceRef="Big" targetRef="End" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_vip">
    <bpmndi:BPMNPlane id="Plane_vip" bpmnElement="vip">
      <bpmndi:BPMNShape id="Start_di" bpmnElement="Start"><dc:Bounds x="160" y="102" width="36" height="36" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Check_di" bpmnElement="Check"><dc:Bounds x="250" y="80" width="100" height="80" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Big_di" bpmnElement="Big" isMarkerVisible="true"><dc:Bounds x="405" y="95" width="50" height="50" /><bpmndi:BPMNLabel><dc:Bounds x="398" y="71" width="64" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Wait_di" bpmnElement="Wait"><dc:Bounds x="512" y="102" width="36" height="36" /><bpmndi:BPMNLabel><dc:Bounds x="512" y="145" width="37" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Late_di" bpmnElement="Late"><dc:Bounds x="612" y="102" width="36" height="36" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="End_di" bpmnElement="End"><dc:Bounds x="512" y="212" width="36" height="36" /></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="ToCheck_di" bpmnElement="ToCheck"><di:waypoint x="196" y="120" /><di:waypoint x="250" y="120" /></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ToBig_di" bpmnElement="ToBig"><di:waypoint x="350" y="120" /><di:waypoint x="405" y="120" /></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ToWait_di" bpmnElement="ToWait"><di:waypoint x="455" y="120" /><di:waypoint x="512" y="120" /><bpmndi:BPMNLabel><dc:Bounds x="475" y="102" width="17" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ToLate_di" bpmnElement="ToLate"><di:waypoint x="548" y="120" /><di:waypoint x="612" y="120" /></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ToEnd_di" bpmnElement="ToEnd"><di:waypoint x="430" y="145" /><di:waypoint x="430" y="230" /><di:waypoint x="512" y="230" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;

const startedAt = '2026-01-05T09:00:00Z';

export const journeySummary: WorkflowSummary = {
  key: 'vip',
  name: 'VIP journey',
  version: 1,
  state: 'active',
  activeVersion: 1,
  deployedAt: startedAt,
  instances: { active: 1, completed: 0, terminated: 0, cancelled: 0, error: 0, incidents: 0 },
};

export const journeyVersions: Workflow['versions'] = [
  { version: 2, state: 'draft', running: 0, deployedAt: startedAt },
  { version: 1, state: 'active', running: 1, deployedAt: startedAt },
];

/** An instance of the journey that waits. The time it waits for is given as seen from the reader's clock. */
export const journeyStatus = (): InstanceStatus => ({
  id: 'i1',
  workflowKey: 'vip',
  workflowName: 'VIP journey',
  version: 1,
  userId: 'u1',
  businessKey: null,
  status: 'active',
  startedAt,
  endedAt: null,
  waitingAt: ['Wait'],
  openIncidents: 0,
  suspendedAt: null,
  parentInstanceId: null,
  revision: 1,
  tokens: [
    {
      id: 't1',
      elementId: 'Wait',
      elementName: 'A while',
      waitingFor: [{ kind: 'timer', detail: new Date(Date.now() + 3.2 * 86_400_000).toISOString() }],
    },
  ],
  variables: { big: true },
  scopes: [{ id: 'scope-1', elementId: 'vip', variables: { big: true } }],
  incidents: [],
});

/** An instance that found no flow to take. */
export const stoppedStatus = (): InstanceStatus => ({
  ...journeyStatus(),
  id: 'i2',
  waitingAt: ['Big'],
  openIncidents: 1,
  suspendedAt: null,
  tokens: [{ id: 't1', elementId: 'Big', elementName: 'Big spender?', waitingFor: [{ kind: 'incident' }] }],
  incidents: [
    {
      id: 'incident-1',
      instanceId: 'i2',
      workflowKey: 'vip',
      userId: 'u1',
      elementId: 'Big',
      type: 'no-flow-chosen',
      reason: 'No flow of "Big spender?" could be taken.',
      remedy: 'Choose the flow to take.',
      choices: ['ToWait', 'ToEnd'],
      raisedAt: startedAt,
      resolvedAt: null,
    },
  ],
});

const events: readonly HistoryEvent[] = [
  { kind: 'instance-started', variables: {} },
  { kind: 'element-entered', elementId: 'Start', tokenId: 't1' },
  { kind: 'element-completed', elementId: 'Start', tokenId: 't1' },
  { kind: 'flow-taken', flowId: 'ToCheck', why: 'unconditional' },
  { kind: 'element-entered', elementId: 'Check', tokenId: 't1' },
  { kind: 'element-completed', elementId: 'Check', tokenId: 't1' },
  { kind: 'flow-taken', flowId: 'ToBig', why: 'unconditional' },
  { kind: 'element-entered', elementId: 'Big', tokenId: 't1' },
  { kind: 'element-completed', elementId: 'Big', tokenId: 't1' },
  { kind: 'flow-taken', flowId: 'ToWait', why: 'condition' },
  { kind: 'element-entered', elementId: 'Wait', tokenId: 't1' },
];

export const journeyHistory: InstanceHistory = {
  items: [{ revision: 1, at: startedAt, input: {}, events: events.map((event) => ({ ...event })) }],
  nextCursor: null,
};
