import { bpmn, timer } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('boundary-event', () => {
  it('finds events on gateways', async () => {
    expect(
      await findings(
        'boundary-event',
        bpmn(
          `<bpmn:startEvent id="start" /><bpmn:boundaryEvent id="late" attachedToRef="start">${timer('P1D')}</bpmn:boundaryEvent><bpmn:endEvent id="end" />`,
          ['f: late -> end'],
        ),
      ),
    ).toEqual([['late', 'Boundary event <late> is attached to <start>, which is not an activity.']]);
  });

  it('finds events that hang in the air', async () => {
    expect(
      await findings(
        'boundary-event',
        bpmn(`<bpmn:task id="a" /><bpmn:boundaryEvent id="late">${timer('P1D')}</bpmn:boundaryEvent>`),
      ),
    ).toEqual([['late', 'Boundary event <late> is not attached to an activity of the same process or subprocess.']]);
  });

  it('finds compensation events that undo nothing', async () => {
    const undoing = (handler: string) =>
      bpmn(
        `<bpmn:task id="a" /><bpmn:boundaryEvent id="undo" attachedToRef="a"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
        ${handler}<bpmn:association id="as" sourceRef="undo" targetRef="b" />`,
      );
    const message =
      'Compensation boundary event <undo> leads to no activity for compensation, so nothing would be undone.';
    expect(await findings('boundary-event', undoing('<bpmn:task id="b" />'))).toEqual([['undo', message]]);
    expect(await findings('boundary-event', undoing('<bpmn:task id="b" isForCompensation="true" />'))).toEqual([]);
  });

  it('accepts an event on a task', async () => {
    expect(
      await findings(
        'boundary-event',
        bpmn(
          `<bpmn:task id="a" /><bpmn:boundaryEvent id="late" attachedToRef="a">${timer('P1D')}</bpmn:boundaryEvent><bpmn:endEvent id="end" />`,
          ['f: late -> end'],
        ),
      ),
    ).toEqual([]);
  });
});
