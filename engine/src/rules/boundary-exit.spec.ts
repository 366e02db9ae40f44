import { bpmn, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { findings } from '../../test/findings.js';

const leading = (flows: readonly string[]) =>
  bpmn(
    `<bpmn:userTask id="a" /><bpmn:boundaryEvent id="late" attachedToRef="a">${timer('P1D')}</bpmn:boundaryEvent><bpmn:endEvent id="end" />`,
    ['f1: a -> end', ...flows],
  );

describe('boundary-exit', () => {
  it('finds events that lead nowhere; they interrupt, and their path ends', async () => {
    expect(await findings('boundary-exit', leading([]))).toEqual([
      ['late', 'Boundary event <late> leads nowhere: when it happens, its path ends there.'],
    ]);
    const drive = await Drive.start(leading([]));
    expect(drive.timer('late').status).toBe('completed');
  });

  it('accepts events with a sequence flow, and those of compensation, which have none', async () => {
    expect(await findings('boundary-exit', leading(['f2: late -> end']))).toEqual([]);
    const undo = bpmn(
      `<bpmn:task id="a" /><bpmn:boundaryEvent id="undo" attachedToRef="a"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
      <bpmn:task id="b" isForCompensation="true" /><bpmn:association id="as" sourceRef="undo" targetRef="b" />`,
    );
    expect(await findings('boundary-exit', undo)).toEqual([]);
  });
});
