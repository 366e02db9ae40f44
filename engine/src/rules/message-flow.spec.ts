import { findings } from '../../test/findings.js';

/** Two pools with a task, an end event and a gateway each, a third one that is empty, and one message flow. */
const between = (source: string, target: string) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test">
<bpmn:collaboration id="c"><bpmn:participant id="Shop" processRef="p1" /><bpmn:participant id="Buyer" processRef="p2" /><bpmn:participant id="Bank" />
<bpmn:messageFlow id="mf" sourceRef="${source}" targetRef="${target}" /></bpmn:collaboration>
${['1', '2']
  .map(
    (
      n,
    ) => `<bpmn:process id="p${n}" isExecutable="${n === '1'}"><bpmn:startEvent id="start${n}" /><bpmn:task id="task${n}" />
<bpmn:exclusiveGateway id="gate${n}" /><bpmn:subProcess id="sub${n}"><bpmn:task id="inner${n}" /></bpmn:subProcess><bpmn:endEvent id="end${n}" />
<bpmn:sequenceFlow id="a${n}" sourceRef="start${n}" targetRef="task${n}" /><bpmn:sequenceFlow id="b${n}" sourceRef="task${n}" targetRef="gate${n}" />
<bpmn:sequenceFlow id="c${n}" sourceRef="gate${n}" targetRef="sub${n}" /><bpmn:sequenceFlow id="d${n}" sourceRef="sub${n}" targetRef="end${n}" /></bpmn:process>`,
  )
  .join('\n')}
</bpmn:definitions>`;

describe('message-flow', () => {
  it.each([
    ['gate1', 'task2', 'comes from <gate1>, which sends no messages'],
    ['task1', 'gate2', 'leads to <gate2>, which receives no messages'],
    ['start1', 'task2', 'comes from <start1>, which sends no messages'],
    ['task1', 'end2', 'leads to <end2>, which receives no messages'],
    ['task1', 'inner1', 'stays within one pool'],
    ['task1', 'Shop', 'stays within one pool'],
  ])('finds a flow from %s to %s', async (source, target, mistake) => {
    expect(await findings('message-flow', between(source, target))).toEqual([['mf', `Message flow <mf> ${mistake}.`]]);
  });

  it.each([
    ['task1', 'task2'],
    ['end1', 'start2'],
    ['inner1', 'Bank'],
    ['Bank', 'sub2'],
    ['Shop', 'Buyer'],
  ])('accepts a flow from %s to %s', async (source, target) => {
    expect(await findings('message-flow', between(source, target))).toEqual([]);
  });
});
