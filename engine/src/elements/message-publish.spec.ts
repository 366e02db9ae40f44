import { bpmn, compileAll, message, onMessage } from '../../test/bpmn.js';
import { createSimulation } from '../simulation/create-simulation.js';

describe('a message to other instances', () => {
  it.each([
    ['throw event', `<bpmn:intermediateThrowEvent id="tell">${onMessage('ping')}</bpmn:intermediateThrowEvent>`],
    ['end event', `<bpmn:endEvent id="tell">${onMessage('ping')}</bpmn:endEvent>`],
    ['send task', '<bpmn:sendTask id="tell" messageRef="message_ping" />'],
  ])('of a %s reaches who waits for it, and takes the variables along', async (_name, tell) => {
    const teller = bpmn(`<bpmn:startEvent id="s" />${tell}`, ['f1: s -> tell'], message('ping'));
    const hearer = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="hear">${onMessage('ping')}</bpmn:intermediateCatchEvent><bpmn:userTask id="heard" />`,
      ['f1: s -> hear', 'f2: hear -> heard'],
      message('ping'),
    ).replace('id="journey"', 'id="hearer"');
    const simulation = createSimulation({
      definitions: [...(await compileAll(teller)), ...(await compileAll(hearer))],
      now: '2026-01-05T09:00:00Z',
      seed: 's',
      users: [{ id: 'ada' }, { id: 'bob' }],
    });
    const mine = simulation.start('hearer', { user: 'ada' });
    const other = simulation.start('hearer', { user: 'bob' });
    simulation.start('journey', { user: 'ada', variables: { amount: 3 } });
    expect(simulation.instance(mine).waitingAt).toEqual(['heard']);
    expect(simulation.instance(mine).variables).toEqual({ amount: 3 });
    expect(simulation.instance(other).waitingAt).toEqual(['hear']);
  });
});
