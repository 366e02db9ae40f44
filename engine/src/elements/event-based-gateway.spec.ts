import { bpmn, message, onMessage, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const xml = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="either" />
   <bpmn:intermediateCatchEvent id="ordered">${onMessage('order')}</bpmn:intermediateCatchEvent>
   <bpmn:receiveTask id="called" messageRef="message_call" />
   <bpmn:intermediateCatchEvent id="late">${timer('P7D')}</bpmn:intermediateCatchEvent>
   <bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />`,
  [
    'f1: s -> either',
    'f2: either -> ordered',
    'f3: either -> called',
    'f4: either -> late',
    'f5: ordered -> a',
    'f6: called -> b',
    'f7: late -> c',
  ],
  message('order') + message('call'),
);

describe('an event-based gateway', () => {
  it('waits for all of its events at once, in one place', async () => {
    const drive = await Drive.start(xml);
    expect(drive.waitingAt).toEqual(['either']);
    expect(drive.view.tokens[0]?.waitingFor).toEqual([
      { kind: 'message', detail: 'order' },
      { kind: 'message', detail: 'call' },
      { kind: 'timer', detail: '2026-01-12T09:00:00.000Z' },
    ]);
  });

  it('goes on with the first that happens, and closes the others', async () => {
    const drive = (await Drive.start(xml)).message('ordered', { orderId: 7 });
    expect(drive.waitingAt).toEqual(['a']);
    expect(drive.variables).toEqual({ orderId: 7 });
    expect(drive.passed).toEqual(['s', 'either', 'ordered']);
    expect(drive.events).toContainEqual({ kind: 'flow-taken', flowId: 'f2', why: 'event' });
    expect(drive.all('cancel-timer')).toHaveLength(1);
    expect(drive.all('close-subscription')).toHaveLength(2);
  });

  it('goes on with its timer', async () => {
    const drive = (await Drive.start(xml)).timer('late');
    expect(drive.waitingAt).toEqual(['c']);
    expect(drive.all('close-subscription')).toHaveLength(2);
    expect(drive.all('cancel-timer')).toHaveLength(0);
  });

  it('takes no second event', async () => {
    const drive = (await Drive.start(xml)).timer('late');
    const { state } = drive;
    drive.message('ordered');
    expect(drive.state).toEqual(state);
  });
});
