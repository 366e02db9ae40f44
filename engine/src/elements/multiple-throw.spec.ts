import { bpmn, escalation, message, onEscalation, onMessage, onSignal, signal } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const throwing = (attributes: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:endEvent id="tell">${onMessage('ping')}${onSignal('alarm')}${onEscalation('late')}</bpmn:endEvent>
    <bpmn:task id="work" /><bpmn:sequenceFlow id="g" sourceRef="work" targetRef="tell" /></bpmn:subProcess>
    <bpmn:boundaryEvent id="caught" attachedToRef="sub" ${attributes}>${onEscalation('late')}</bpmn:boundaryEvent>
    <bpmn:userTask id="handle" /><bpmn:userTask id="after" />`,
    ['f1: s -> sub', 'f2: sub -> after', 'f3: caught -> handle'],
    message('ping') + signal('alarm') + escalation('late'),
  );

describe('a multiple throw event', () => {
  it('throws everything, and goes on', async () => {
    const drive = await Drive.start(throwing('cancelActivity="false"'), { n: 1 });
    expect(drive.all('publish-message')).toEqual([
      { kind: 'publish-message', elementId: 'tell', messageName: 'ping', correlationKey: 'ada', variables: { n: 1 } },
    ]);
    expect(drive.all('broadcast-signal')).toEqual([
      { kind: 'broadcast-signal', elementId: 'tell', signalName: 'alarm', variables: {} },
    ]);
    expect([...drive.waitingAt].sort()).toEqual(['after', 'handle']);
  });

  it('throws everything before an escalation interrupts', async () => {
    const drive = await Drive.start(throwing(''));
    expect(drive.all('broadcast-signal')).toHaveLength(1);
    expect(drive.waitingAt).toEqual(['handle']);
  });
});
