import { bpmn, compileAll, onSignal, signal } from '../../test/bpmn.js';
import { createSimulation } from '../simulation/create-simulation.js';

describe('a signal', () => {
  it('reaches everyone who waits for it, the thrower too, and starts what begins with it', async () => {
    const definitions = [
      ...(await compileAll(
        bpmn(
          `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="first" />
          <bpmn:endEvent id="throw">${onSignal('alarm')}</bpmn:endEvent>
          <bpmn:intermediateCatchEvent id="wait">${onSignal('alarm')}</bpmn:intermediateCatchEvent><bpmn:userTask id="after" />`,
          ['f1: s -> fork', 'f2: fork -> wait', 'f3: fork -> first', 'f4: first -> throw', 'f5: wait -> after'],
          signal('alarm'),
        ),
      )),
      ...(await compileAll(
        bpmn(
          `<bpmn:startEvent id="s">${onSignal('alarm')}</bpmn:startEvent><bpmn:userTask id="alarmed" />`,
          ['f1: s -> alarmed'],
          signal('alarm'),
        ).replace('id="journey"', 'id="alarm"'),
      )),
    ];
    const simulation = createSimulation({
      definitions,
      now: '2026-01-05T09:00:00Z',
      seed: 's',
      users: [{ id: 'ada' }, { id: 'bob' }],
    });
    const ada = simulation.start('journey', { user: 'ada' });
    const bob = simulation.start('journey', { user: 'bob' });
    simulation.completeTask({ element: 'first', user: 'ada' });
    expect(simulation.instance(ada).waitingAt).toEqual(['after']);
    expect([...simulation.instance(bob).waitingAt].sort()).toEqual(['after', 'first']);
    expect(simulation.instances().map(({ waitingAt }) => waitingAt)).toContainEqual(['alarmed']);
    simulation.broadcastSignal('alarm', { level: 1 });
    expect(simulation.instances()).toHaveLength(4);
  });
});
