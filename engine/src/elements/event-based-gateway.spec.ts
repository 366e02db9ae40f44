import { bpmn, compileOne, message, onCondition, onMessage, onSignal, signal, timer } from '../../test/bpmn.js';
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
  it('waits for signals and conditions, too', async () => {
    const waiting = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="either" />
       <bpmn:intermediateCatchEvent id="alarmed">${onSignal('alarm')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="enough">${onCondition('amount > 2')}</bpmn:intermediateCatchEvent>
       <bpmn:userTask id="a" /><bpmn:userTask id="b" />`,
      ['f1: s -> either', 'f2: either -> alarmed', 'f3: either -> enough', 'f4: alarmed -> a', 'f5: enough -> b'],
      signal('alarm'),
    );
    const alarmed = (await Drive.start(waiting, { amount: 1 })).signal('alarmed', { level: 1 });
    expect(alarmed.waitingAt).toEqual(['a']);
    const enough = await Drive.start(waiting, { amount: 3 });
    expect(enough.waitingAt).toEqual(['b']);
    expect(enough.all('close-subscription')).toHaveLength(1);
  });

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

describe('an event-based gateway that begins instances', () => {
  const caught = (id: string, name: string) =>
    `<bpmn:intermediateCatchEvent id="${id}">${onMessage(name)}</bpmn:intermediateCatchEvent>`;
  const starting = (attributes = '') =>
    bpmn(
      `<bpmn:eventBasedGateway id="g" instantiate="true" ${attributes} />${caught('asked', 'ask')}${caught('paid', 'pay')}
       <bpmn:userTask id="a" /><bpmn:userTask id="b" />`,
      ['f1: g -> asked', 'f2: g -> paid', 'f3: asked -> a', 'f4: paid -> b'],
      message('ask') + message('pay'),
    );
  const startedBy = async (xml: string, startEventId: string) => {
    const drive = new Drive(await compileOne(xml));
    return drive.feed({ kind: 'start', at: drive.at, startEventId, variables: { n: 1 } });
  };

  it('offers each event behind it as a start', async () => {
    expect((await compileOne(starting())).startEvents).toEqual([
      { kind: 'message', id: 'asked', messageName: 'ask' },
      { kind: 'message', id: 'paid', messageName: 'pay' },
    ]);
  });

  it('goes on behind the event that happened, and waits for no other', async () => {
    const drive = await startedBy(starting(), 'paid');
    expect(drive.waitingAt).toEqual(['b']);
    expect(drive.passed).toEqual(['g', 'paid']);
    expect(drive.all('open-subscription')).toEqual([]);
  });

  it('waits for the others of a parallel multiple event behind it', async () => {
    const xml = bpmn(
      `<bpmn:eventBasedGateway id="g" instantiate="true" />${caught('asked', 'ask')}
       <bpmn:intermediateCatchEvent id="both" parallelMultiple="true">${onMessage('pay')}${onSignal('alarm')}</bpmn:intermediateCatchEvent><bpmn:userTask id="a" /><bpmn:userTask id="b" />`,
      ['f1: g -> asked', 'f2: g -> both', 'f3: asked -> a', 'f4: both -> b'],
      message('ask') + message('pay') + signal('alarm'),
    );
    const definition = await compileOne(xml);
    expect(definition.startEvents.map((start) => ('part' in start ? start.part : null))).toEqual([null, 0, 1]);
    const drive = new Drive(definition);
    drive.feed({ kind: 'start', at: drive.at, startEventId: 'both', startEventPart: 0 });
    expect(drive.waitingAt).toEqual(['both']);
    expect(drive.signal('both').waitingAt).toEqual(['b']);
    expect(drive.passed).toEqual(['g', 'both']);
  });

  it('waits for the others too when it is parallel', async () => {
    const drive = await startedBy(starting('eventGatewayType="Parallel"'), 'paid');
    expect([...drive.waitingAt].sort()).toEqual(['asked', 'b']);
    drive.message('asked', { m: 2 });
    expect([...drive.waitingAt].sort()).toEqual(['a', 'b']);
    expect(drive.variables).toEqual({ n: 1, m: 2 });
    drive.complete('a').complete('b');
    expect(drive.status).toBe('completed');
  });
});
