import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const adHoc = (content: string) => bpmn(`<bpmn:adHocSubProcess id="it">${content}</bpmn:adHocSubProcess>`);

describe('ad-hoc-subprocess', () => {
  it('finds start and end events, and one that is empty', async () => {
    expect(await findings('ad-hoc-subprocess', adHoc('<bpmn:task id="a" /><bpmn:startEvent id="s" />'))).toEqual([
      ['s', expect.stringContaining('Ad-hoc subprocess <it> contains <s>, a start event')],
    ]);
    expect(await findings('ad-hoc-subprocess', adHoc('<bpmn:task id="a" /><bpmn:endEvent id="e" />'))).toEqual([
      ['e', expect.stringContaining('contains <e>, an end event')],
    ]);
    expect(await findings('ad-hoc-subprocess', adHoc(''))).toEqual([
      ['it', 'Ad-hoc subprocess <it> is empty, and has at least one activity.'],
    ]);
  });

  it('accepts activities, with events and gateways between them', async () => {
    const content =
      '<bpmn:task id="a" /><bpmn:task id="b" /><bpmn:intermediateThrowEvent id="t" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="t" />';
    expect(await findings('ad-hoc-subprocess', adHoc(content))).toEqual([]);
  });
});
