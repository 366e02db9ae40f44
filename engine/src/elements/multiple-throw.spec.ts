import {
  bpmn,
  error,
  escalation,
  flow,
  message,
  onError,
  onEscalation,
  onMessage,
  onSignal,
  signal,
} from '../../test/bpmn.js';
import { compile } from '../compile/compile.js';
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

describe('a multiple end event', () => {
  const undoing = '<bpmn:compensateEventDefinition />';
  /** A subprocess `sub` in which a task that can be undone comes before the end event `tell`, beside another task. */
  const ending = (definitions: string, boundary = '', type = 'subProcess') =>
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:${type} id="sub">
        <bpmn:startEvent id="si" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="work" /><bpmn:userTask id="beside" />
        <bpmn:boundaryEvent id="undone" attachedToRef="work">${undoing}</bpmn:boundaryEvent><bpmn:userTask id="undo" isForCompensation="true" />
        <bpmn:endEvent id="tell">${definitions}</bpmn:endEvent>
        ${['g1: si -> fork', 'g2: fork -> work', 'g3: fork -> beside', 'g4: work -> tell'].map(flow).join('')}
        <bpmn:association id="as" associationDirection="One" sourceRef="undone" targetRef="undo" />
      </bpmn:${type}>
      ${boundary && `<bpmn:boundaryEvent id="caught" attachedToRef="sub">${boundary}</bpmn:boundaryEvent>`}
      <bpmn:userTask id="after" /><bpmn:userTask id="handle" />`,
      ['f1: s -> sub', 'f2: sub -> after', ...(boundary ? ['f3: caught -> handle'] : [])],
      message('ping') + signal('alarm') + error('refused'),
    );

  it('throws an error when everything else is thrown', async () => {
    const drive = await Drive.start(
      ending(onError('refused') + onMessage('ping') + onSignal('alarm'), onError('refused')),
    );
    drive.complete('work');
    expect(drive.all('publish-message')).toHaveLength(1);
    expect(drive.all('broadcast-signal')).toHaveLength(1);
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.all('cancel-task')).toHaveLength(1);
  });

  it('terminates its scope when what it undoes is undone', async () => {
    const drive = await Drive.start(
      ending('<bpmn:terminateEventDefinition /><bpmn:compensateEventDefinition waitForCompletion="false" />'),
    );
    drive.complete('work');
    expect([...drive.waitingAt].sort()).toEqual(['beside', 'undo']);
    drive.complete('undo');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('cancels its transaction', async () => {
    const cancel = '<bpmn:cancelEventDefinition />';
    const drive = await Drive.start(ending(onSignal('alarm') + cancel + undoing, cancel, 'transaction'));
    drive.complete('work');
    expect(drive.all('broadcast-signal')).toHaveLength(1);
    expect(drive.waitingAt).toEqual(['undo']);
    drive.complete('undo');
    expect(drive.waitingAt).toEqual(['handle']);
  });

  it('ends the instance where nothing catches its error', async () => {
    const drive = await Drive.start(ending(onSignal('alarm') + onError('refused')));
    drive.complete('work');
    expect(drive.status).toBe('error');
    expect(drive.all('broadcast-signal')).toHaveLength(1);
  });

  it('is refused where two of its events would end more than its token', async () => {
    const { problems } = await compile(ending(`${onError('refused')}<bpmn:terminateEventDefinition />`));
    expect(problems).toContainEqual(expect.objectContaining({ rule: 'unsupported-element', elementId: 'tell' }));
  });
});
