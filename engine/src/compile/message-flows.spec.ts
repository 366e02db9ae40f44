import { compileAll } from '../../test/bpmn.js';
import { createSimulation } from '../simulation/create-simulation.js';

const nothing = '<bpmn:messageEventDefinition />';
const file = (flows: string, definition = nothing, begin = nothing) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test">
  <bpmn:message id="m" name="order placed" /><bpmn:message id="n" name="order received" />
  <bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="customer" /><bpmn:participant id="p2" processRef="shop" />${flows}</bpmn:collaboration>
  <bpmn:process id="customer" isExecutable="true">
    <bpmn:startEvent id="s1" /><bpmn:intermediateThrowEvent id="order">${definition}</bpmn:intermediateThrowEvent>
    <bpmn:receiveTask id="wait" /><bpmn:endEvent id="e1" />
    <bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="order" /><bpmn:sequenceFlow id="f2" sourceRef="order" targetRef="wait" /><bpmn:sequenceFlow id="f3" sourceRef="wait" targetRef="e1" />
  </bpmn:process>
  <bpmn:process id="shop" isExecutable="true">
    <bpmn:startEvent id="s2">${begin}</bpmn:startEvent><bpmn:userTask id="pack" /><bpmn:sendTask id="ship" /><bpmn:endEvent id="e2" />
    <bpmn:sequenceFlow id="g1" sourceRef="s2" targetRef="pack" /><bpmn:sequenceFlow id="g2" sourceRef="pack" targetRef="ship" /><bpmn:sequenceFlow id="g3" sourceRef="ship" targetRef="e2" />
  </bpmn:process>
</bpmn:definitions>`;
const there = '<bpmn:messageFlow id="mf1" name="goes" sourceRef="order" targetRef="s2" />';
const back = '<bpmn:messageFlow id="mf2" sourceRef="ship" targetRef="wait" />';

describe('message flows', () => {
  it('carry messages from pool to pool', async () => {
    const simulation = createSimulation({
      definitions: await compileAll(file(there + back)),
      now: 0,
      seed: 'test',
      users: [{ id: 'ada' }],
    });
    const customer = simulation.start('customer', { user: 'ada' });
    expect(simulation.instance(customer).waitingAt).toEqual(['wait']);
    const [, shop] = simulation.instances();
    expect(shop).toMatchObject({ workflowKey: 'shop', waitingAt: ['pack'], user: 'ada' });
    simulation.completeTask({ element: 'pack' });
    expect(simulation.instances().map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('give their name, or their id, to messages without one', async () => {
    const [customer, shop] = await compileAll(file(there + back));
    expect(shop?.startEvents).toEqual([{ kind: 'message', id: 's2', messageName: 'goes' }]);
    expect(customer?.nodes.get('wait')).toMatchObject({ messageName: 'mf2' });
  });

  it('take the message of the end that names one', async () => {
    const named = '<bpmn:messageEventDefinition messageRef="m" />';
    const [, shop] = await compileAll(file(there + back, named));
    expect(shop?.startEvents).toEqual([{ kind: 'message', id: 's2', messageName: 'order placed' }]);
  });

  it('carry what their source throws, where their ends name different messages', async () => {
    const [placed, received] = ['m', 'n'].map((id) => `<bpmn:messageEventDefinition messageRef="${id}" />`);
    const [, shop] = await compileAll(file(there + back, placed, received));
    expect(shop?.startEvents).toEqual([{ kind: 'message', id: 's2', messageName: 'order placed' }]);
  });

  it('leave a target alone whose message flows carry different messages', async () => {
    const [placed, received] = ['m', 'n'].map((id) => `<bpmn:messageEventDefinition messageRef="${id}" />`);
    const another = `<bpmn:participant id="p3" processRef="agent" /><bpmn:messageFlow id="mf3" name="third" sourceRef="ask" targetRef="s2" />`;
    const agent = `<bpmn:message id="o" name="order asked" /><bpmn:process id="agent"><bpmn:startEvent id="s3" /><bpmn:sendTask id="ask" messageRef="o" />
      <bpmn:sequenceFlow id="h1" sourceRef="s3" targetRef="ask" /></bpmn:process></bpmn:definitions>`;
    const xml = file(there + another + back, placed, received).replace('</bpmn:definitions>', agent);
    const shop = (await compileAll(xml)).find(({ key }) => key === 'shop');
    expect(shop?.startEvents).toEqual([{ kind: 'message', id: 's2', messageName: 'order received' }]);
  });
});
