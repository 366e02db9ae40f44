import { bpmn, compileOne, extensions, message, onMessage } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const xml = (correlation = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="ordered">${correlation === '' ? '' : extensions(correlation)}${onMessage('order')}</bpmn:intermediateCatchEvent>
     <bpmn:receiveTask id="paid" messageRef="message_payment" /><bpmn:endEvent id="e" />`,
    ['f1: s -> ordered', 'f2: ordered -> paid', 'f3: paid -> e'],
    message('order') + message('payment'),
  );

describe('a message catch event and a receive task', () => {
  it('wait for a message to the user', async () => {
    const drive = await Drive.start(xml());
    expect(drive.last('open-subscription', 'ordered')).toMatchObject({ messageName: 'order', correlationKey: 'ada' });
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'message', detail: 'order' }]);
  });

  it('merge what the message carries, close and go on', async () => {
    const drive = (await Drive.start(xml())).message('ordered', { orderId: 7 }).message('paid');
    expect(drive.status).toBe('completed');
    expect(drive.variables).toEqual({ orderId: 7 });
    expect(drive.all('close-subscription').map(({ subscriptionId }) => subscriptionId)).toEqual(
      drive.all('open-subscription').map(({ subscriptionId }) => subscriptionId),
    );
  });

  it('correlate by a key of the journey', async () => {
    const drive = await Drive.start(xml('<xflow:correlation key="=orderId" />'), { orderId: 7 });
    expect(drive.last('open-subscription', 'ordered').correlationKey).toBe('7');
  });

  it('become an incident without a key, and wait after a retry', async () => {
    const drive = await Drive.start(xml('<xflow:correlation key="=orderId" />'));
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'ordered' });
    drive.resolve({ action: 'retry' }, { orderId: 'o-7' });
    expect(drive.last('open-subscription', 'ordered').correlationKey).toBe('o-7');
  });
});

describe('a receive task that begins instances', () => {
  const xml = bpmn(
    '<bpmn:receiveTask id="r" instantiate="true" messageRef="message_ping" /><bpmn:userTask id="a" />',
    ['f: r -> a'],
    message('ping'),
  );

  it('has received its message when the instance starts', async () => {
    const definition = await compileOne(xml);
    expect(definition.startEvents).toEqual([{ kind: 'message', id: 'r', messageName: 'ping' }]);
    const drive = new Drive(definition);
    drive.feed({ kind: 'start', at: drive.at, startEventId: 'r', variables: { n: 1 } });
    expect(drive.waitingAt).toEqual(['a']);
    expect(drive.passed).toEqual(['r']);
    expect(drive.variables).toEqual({ n: 1 });
  });

  it('can be started without the message, and then waits for it', async () => {
    const drive = await Drive.start(xml);
    expect(drive.waitingAt).toEqual(['r']);
    expect(drive.message('r').waitingAt).toEqual(['a']);
  });
});
