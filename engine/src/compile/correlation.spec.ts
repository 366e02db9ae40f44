import { compileAll } from '../../test/bpmn.js';
import { createSimulation } from '../simulation/create-simulation.js';

const path = (tag: string, reference: string, text: string) =>
  `<bpmn:${tag} ${reference}><bpmn:${tag === 'correlationPropertyBinding' ? 'dataPath' : 'messagePath'}>${text}</bpmn:${tag === 'correlationPropertyBinding' ? 'dataPath' : 'messagePath'}></bpmn:${tag}>`;
const retrieval = (message: string, text: string) =>
  path('correlationPropertyRetrievalExpression', `messageRef="${message}"`, text);
const binding = (property: string, text: string) =>
  path('correlationPropertyBinding', `correlationPropertyRef="${property}"`, text);
const properties = `<bpmn:correlationProperty id="order" name="order">${retrieval('paid', 'orderId')}</bpmn:correlationProperty>
  <bpmn:correlationProperty id="shop" name="shop">${retrieval('paid', '=shopId')}</bpmn:correlationProperty>`;

interface Parts {
  readonly key?: string;
  readonly subscription?: string;
  readonly extension?: string;
  readonly bankStart?: string;
}

/** A buyer that waits for the message `paid`, which a bank throws. */
const file = ({
  key = '',
  subscription = '',
  extension = '',
  bankStart = '',
}: Parts) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="urn:xflow:bpmn:1.0" id="file" targetNamespace="urn:test">
  <bpmn:message id="paid" name="paid" />${properties}
  <bpmn:collaboration id="c">
    <bpmn:participant id="p1" processRef="buyer" /><bpmn:participant id="p2" processRef="bank" />
    <bpmn:correlationKey id="key" name="key">${key}</bpmn:correlationKey>
  </bpmn:collaboration>
  <bpmn:process id="buyer" isExecutable="true">
    <bpmn:startEvent id="s1" />
    <bpmn:intermediateCatchEvent id="wait">${extension}<bpmn:messageEventDefinition messageRef="paid" /></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="e1" />
    <bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="wait" /><bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="e1" />
    ${subscription === '' ? '' : `<bpmn:correlationSubscription id="sub" correlationKeyRef="key">${subscription}</bpmn:correlationSubscription>`}
  </bpmn:process>
  <bpmn:process id="bank" isExecutable="true">
    <bpmn:startEvent id="s2">${bankStart}</bpmn:startEvent><bpmn:sendTask id="send" messageRef="paid" /><bpmn:endEvent id="e2" />
    <bpmn:sequenceFlow id="g1" sourceRef="s2" targetRef="send" /><bpmn:sequenceFlow id="g2" sourceRef="send" targetRef="e2" />
  </bpmn:process>
</bpmn:definitions>`;
const one = '<bpmn:correlationPropertyRef>order</bpmn:correlationPropertyRef>';
const two = `${one}<bpmn:correlationPropertyRef>shop</bpmn:correlationPropertyRef>`;

async function play(parts: Parts) {
  return createSimulation({
    definitions: await compileAll(file(parts)),
    now: 0,
    seed: 'test',
    users: [{ id: 'ada' }, { id: 'bank' }],
  });
}

describe('correlation properties', () => {
  it('lead a message to who waits for its value, whoever the users are', async () => {
    const simulation = await play({ key: one, subscription: binding('order', 'mine.number') });
    const [first, second] = ['A', 'B'].map((number) =>
      simulation.start('buyer', { user: 'ada', variables: { mine: { number } } }),
    );
    simulation.start('bank', { user: 'bank', variables: { orderId: 'B' } });
    expect(simulation.instance(first!).status).toBe('active');
    expect(simulation.instance(second!).status).toBe('completed');
  });

  it('are all compared, and never run into each other', async () => {
    const simulation = await play({ key: two, subscription: binding('order', 'a') + binding('shop', 'b') });
    const start = (a: string | number, b: string) => simulation.start('buyer', { user: 'ada', variables: { a, b } });
    const others = [start('1","2', '3'), start('1', '2","3'), start('2', '1')];
    const right = start(1, '2');
    simulation.start('bank', { user: 'bank', variables: { orderId: '1', shopId: 2 } });
    expect(simulation.instance(right).status).toBe('completed');
    expect(others.map((id) => simulation.instance(id).status)).toEqual(['active', 'active', 'active']);
  });

  it('without a subscription, are read from what the instance knows', async () => {
    const simulation = await play({ key: one });
    const waiting = simulation.start('buyer', { user: 'ada', variables: { orderId: 'A' } });
    simulation.start('bank', { user: 'bank', variables: { orderId: 'A' } });
    expect(simulation.instance(waiting).status).toBe('completed');
  });

  it('give way to a key that the element names', async () => {
    const own = '<bpmn:extensionElements><xflow:correlation key="=own" /></bpmn:extensionElements>';
    const simulation = await play({ key: one, subscription: binding('order', 'mine'), extension: own });
    const waiting = simulation.start('buyer', { user: 'ada', variables: { own: 'A', mine: 'B' } });
    simulation.start('bank', { user: 'bank', variables: { orderId: 'A' } });
    expect(simulation.instance(waiting).status).toBe('completed');
  });

  it('that belong to no key, or of a message that starts a process, leave the user as the key', async () => {
    const starts = '<bpmn:messageEventDefinition messageRef="paid" />';
    for (const parts of [{}, { key: one, bankStart: starts }]) {
      const [buyer, bank] = await compileAll(file(parts));
      for (const node of [buyer?.nodes.get('wait'), bank?.nodes.get('send')])
        expect(node).toMatchObject({ messageName: 'paid', correlationKey: null });
    }
  });

  it('with a value that is none are an incident, which shows it', async () => {
    const simulation = await play({ key: two });
    const id = simulation.start('buyer', { user: 'ada', variables: { orderId: 'A' } });
    expect(simulation.instance(id).incidents).toMatchObject([
      { type: 'expression-failed', reason: expect.stringContaining('["A",null]') as string },
    ]);
  });

  it('carry a conversation in both directions, by the same key, over message flows', async () => {
    const pool = (
      id: string,
      first: string,
      second: string,
      more = '',
    ) => `<bpmn:process id="${id}" isExecutable="true">
      <bpmn:startEvent id="s_${id}" />${first}${second}<bpmn:endEvent id="e_${id}" />${more}
      <bpmn:sequenceFlow id="${id}1" sourceRef="s_${id}" targetRef="${id}_a" /><bpmn:sequenceFlow id="${id}2" sourceRef="${id}_a" targetRef="${id}_b" />
      <bpmn:sequenceFlow id="${id}3" sourceRef="${id}_b" targetRef="e_${id}" /></bpmn:process>`;
    const xml = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test">
      <bpmn:message id="ask" name="ask" /><bpmn:message id="answer" name="answer" />
      <bpmn:correlationProperty id="order">${retrieval('ask', 'orderId')}${retrieval('answer', 'reply.orderId')}</bpmn:correlationProperty>
      <bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="buyer" /><bpmn:participant id="p2" processRef="seller" />
        <bpmn:messageFlow id="m1" sourceRef="buyer_a" targetRef="seller_a" /><bpmn:messageFlow id="m2" sourceRef="seller_b" targetRef="buyer_b" />
        <bpmn:conversation id="talk"><bpmn:correlationKey id="key">${one}</bpmn:correlationKey></bpmn:conversation></bpmn:collaboration>
      ${pool(
        'buyer',
        '<bpmn:sendTask id="buyer_a" messageRef="ask" />',
        '<bpmn:receiveTask id="buyer_b" messageRef="answer" />',
        `<bpmn:correlationSubscription id="sub1" correlationKeyRef="key">${binding('order', 'orderId')}</bpmn:correlationSubscription>`,
      )}
      ${pool(
        'seller',
        '<bpmn:receiveTask id="seller_a" messageRef="ask" />',
        '<bpmn:sendTask id="seller_b" messageRef="answer" />',
        `<bpmn:correlationSubscription id="sub2" correlationKeyRef="key">${binding('order', 'sells')}</bpmn:correlationSubscription>`,
      )}</bpmn:definitions>`;
    const simulation = createSimulation({
      definitions: await compileAll(xml),
      now: 0,
      seed: 'test',
      users: [{ id: 'ada' }, { id: 'shop' }],
    });
    const [a, b] = ['A', 'B'].map((sells) =>
      simulation.start('seller', { user: 'shop', variables: { sells, reply: { orderId: sells } } }),
    );
    const buyer = simulation.start('buyer', { user: 'ada', variables: { orderId: 'B' } });
    expect([a!, b!, buyer].map((id) => simulation.instance(id).status)).toEqual(['active', 'completed', 'completed']);
    expect(simulation.instance(b!).variables).toMatchObject({ orderId: 'B' });
  });
});
