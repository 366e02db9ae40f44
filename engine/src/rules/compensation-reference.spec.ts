import { bpmn, flow } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const undoing = (activity: string, nodes: string) =>
  bpmn(
    `<bpmn:startEvent id="s" />${nodes}<bpmn:endEvent id="undo"><bpmn:compensateEventDefinition activityRef="${activity}" /></bpmn:endEvent>`,
    ['f: s -> undo'],
  );
const handled = `<bpmn:task id="a" /><bpmn:boundaryEvent id="event" attachedToRef="a"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
  <bpmn:task id="b" isForCompensation="true" /><bpmn:association id="as" sourceRef="event" targetRef="b" />`;

describe('compensation-reference', () => {
  it('finds what cannot be undone, and what is out of reach', async () => {
    expect(await findings('compensation-reference', undoing('a', '<bpmn:task id="a" />'))).toEqual([
      [
        'undo',
        'Compensation event <undo> undoes <a>, which has neither a compensation event nor anything in it, so that nothing will be undone.',
      ],
    ]);
    expect(
      await findings('compensation-reference', undoing('a', `<bpmn:subProcess id="sub">${handled}</bpmn:subProcess>`)),
    ).toEqual([['undo', expect.stringContaining('which is inside of another subprocess')]]);
  });

  it('accepts an activity with a handler, a subprocess, and one around the event', async () => {
    expect(await findings('compensation-reference', undoing('a', handled))).toEqual([]);
    expect(
      await findings(
        'compensation-reference',
        undoing('sub', `<bpmn:subProcess id="sub"><bpmn:task id="x" /></bpmn:subProcess>`),
      ),
    ).toEqual([]);
    const inside = bpmn(
      `${handled}<bpmn:subProcess id="sub"><bpmn:startEvent id="s" /><bpmn:endEvent id="undo"><bpmn:compensateEventDefinition activityRef="a" /></bpmn:endEvent>${flow('g: s -> undo')}</bpmn:subProcess>`,
      ['f: a -> sub'],
    );
    expect(await findings('compensation-reference', inside)).toEqual([]);
  });
});
