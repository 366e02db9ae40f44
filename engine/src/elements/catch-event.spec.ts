import { bpmn, message, onCondition, onMessage, onSignal, signal, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const catching = (definitions: string, attributes = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="beside" />
    <bpmn:intermediateCatchEvent id="wait" ${attributes}>${definitions}</bpmn:intermediateCatchEvent><bpmn:userTask id="after" />`,
    ['f1: s -> fork', 'f2: fork -> wait', 'f3: fork -> beside', 'f4: wait -> after'],
    signal('alarm') + message('ping'),
  );

describe('a signal catch event', () => {
  it('waits for the signal, and takes what comes with it', async () => {
    const drive = await Drive.start(catching(onSignal('alarm')));
    expect(drive.last('open-subscription', 'wait')).toMatchObject({
      event: 'signal',
      messageName: 'alarm',
      correlationKey: '',
    });
    drive.signal('wait', { level: 2 });
    expect(drive.waitingAt).toEqual(['beside', 'after'].sort());
    expect(drive.variables).toEqual({ level: 2 });
    expect(drive.all('close-subscription')).toHaveLength(1);
  });
});

describe('a conditional catch event', () => {
  it('passes at once when its condition is true already', async () => {
    const drive = await Drive.start(catching(onCondition('amount > 2')), { amount: 3 });
    expect([...drive.waitingAt].sort()).toEqual(['after', 'beside']);
  });

  it('passes when a change of variables makes it true', async () => {
    const drive = await Drive.start(catching(onCondition('amount > 2')), { amount: 1 });
    expect([...drive.waitingAt].sort()).toEqual(['beside', 'wait']);
    drive.complete('beside', { amount: 3 });
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.events).toContainEqual({ kind: 'condition-met', elementId: 'wait' });
  });

  it('says so when its condition fails, and is evaluated again with the next change', async () => {
    const drive = await Drive.start(catching(onCondition('amount')), { amount: false });
    drive.complete('beside', { amount: 'much' });
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'wait' });
    drive.resolve({ action: 'retry' }, { amount: true });
    expect(drive.waitingAt).toEqual(['after']);
  });
});

describe('a multiple catch event', () => {
  const several = onSignal('alarm') + onMessage('ping') + timer('PT1H');

  it('passes with the first of its events, and closes the others', async () => {
    const drive = await Drive.start(catching(several));
    drive.timer('wait');
    expect([...drive.waitingAt].sort()).toEqual(['after', 'beside']);
    expect(drive.all('close-subscription')).toHaveLength(2);
  });

  it('that is parallel passes with the last of its events', async () => {
    const drive = await Drive.start(catching(several, 'parallelMultiple="true"'));
    const [alarm, ping] = drive.all('open-subscription');
    drive.timer('wait').feed({ kind: 'signal', at: drive.at, subscriptionId: alarm!.subscriptionId });
    expect([...drive.waitingAt].sort()).toEqual(['beside', 'wait']);
    drive.feed({ kind: 'message', at: drive.at, subscriptionId: ping!.subscriptionId, variables: { n: 1 } });
    expect([...drive.waitingAt].sort()).toEqual(['after', 'beside']);
    expect(drive.all('close-subscription')).toHaveLength(2);
    expect(drive.variables).toEqual({ n: 1 });
  });
});
