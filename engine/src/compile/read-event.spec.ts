import { bpmn, compileOne, message, onCondition, onMessage, onSignal, signal, timer } from '../../test/bpmn.js';
import { createSimulation } from '../simulation/create-simulation.js';

describe('the start events of a process', () => {
  it('are told with what they wait for, one of several kinds once for each', async () => {
    const { startEvents } = await compileOne(
      bpmn(
        `<bpmn:startEvent id="a">${onSignal('alarm')}</bpmn:startEvent><bpmn:startEvent id="b">${onCondition('user.points > 100')}</bpmn:startEvent>
        <bpmn:startEvent id="c">${onMessage('ping')}${timer('P1D')}</bpmn:startEvent><bpmn:endEvent id="end" />`,
        ['f1: a -> end', 'f2: b -> end', 'f3: c -> end'],
        signal('alarm') + message('ping'),
      ),
    );
    expect(startEvents).toMatchObject([
      { kind: 'signal', id: 'a', signalName: 'alarm' },
      { kind: 'conditional', id: 'b', condition: { source: 'user.points > 100', needs: { profile: true } } },
      { kind: 'message', id: 'c', messageName: 'ping' },
      { kind: 'timer', id: 'c' },
    ]);
  });

  it('begin instances each on its own', async () => {
    const definition = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s">${onMessage('ping')}${timer('P1D')}${onSignal('alarm')}</bpmn:startEvent><bpmn:userTask id="work" />`,
        ['f1: s -> work'],
        signal('alarm') + message('ping'),
      ),
    );
    const simulation = createSimulation({
      definitions: [definition],
      now: '2026-01-05T09:00:00Z',
      seed: 's',
      users: [{ id: 'ada' }],
    });
    simulation.publishMessage('ping', { key: 'ada' });
    simulation.advanceBy('P2D');
    simulation.broadcastSignal('alarm');
    expect(simulation.instances().map(({ waitingAt }) => waitingAt)).toEqual([['work'], ['work'], ['work']]);
  });
});
