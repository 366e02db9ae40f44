import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const task = '<bpmn:task id="a" />';

describe('choreography', () => {
  it('finds what is not executed', async () => {
    const globals = `<bpmn:choreography id="deal"><bpmn:participant id="x" /><bpmn:participant id="y" />
      <bpmn:choreographyTask id="order" initiatingParticipantRef="x"><bpmn:participantRef>x</bpmn:participantRef><bpmn:participantRef>y</bpmn:participantRef></bpmn:choreographyTask></bpmn:choreography>`;
    expect(await findings('choreography', bpmn(task, [], globals))).toEqual([
      ['deal', '<deal> is a choreography, which is not executed: the processes of its partners are.'],
    ]);
  });

  it('accepts a collaboration with conversations, whose correlation keys are read', async () => {
    const globals = `<bpmn:collaboration id="c"><bpmn:participant id="x" processRef="journey" /><bpmn:conversation id="talk" /></bpmn:collaboration>`;
    expect(await findings('choreography', bpmn(task, [], globals))).toEqual([]);
  });
});
