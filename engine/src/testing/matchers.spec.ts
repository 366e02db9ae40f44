import { bpmn, compileAll, job, timer } from '../../test/bpmn.js';
import { createSimulation, type Simulation } from '../simulation/create-simulation.js';
import './jest.js';

const xml = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${timer('P1D')}</bpmn:intermediateCatchEvent>
   ${job('pay', '', 'resultVariable="paid"')}<bpmn:userTask id="pack" /><bpmn:endEvent id="e" />`,
  ['f1: s -> wait', 'f2: wait -> pay', 'f3: pay -> pack', 'f4: pack -> e'],
);

describe('the matchers', () => {
  let sim: Simulation;
  let id: string;
  beforeEach(async () => {
    sim = createSimulation({ definitions: await compileAll(xml), now: '2026-01-05T09:00:00Z', seed: 's' });
    id = sim.start('journey', { variables: { order: { items: [1, 2] } } });
  });
  const messageOf = (check: () => void): string => {
    try {
      check();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('Expected that the check fails.');
  };

  it('follow an instance through its life', () => {
    expect(sim.instance(id)).toBeWaitingAt('wait');
    expect(sim.instance(id)).not.toBeWaitingAt('pay', 'pack');
    sim.advanceBy('P1D');
    expect(sim.instance(id)).toHavePassed('s', 'f1', 'wait');
    sim.failTask({ element: 'pay', reason: 'No money.' });
    expect(sim.instance(id)).toHaveIncident();
    expect(sim.instance(id)).toHaveIncident('pay', 'task-failed');
    expect(sim.instance(id)).not.toHaveIncident('pack');
    expect(sim.instance(id)).not.toHaveIncident('pay', 'script-failed');
    sim.resolveIncident({ action: 'retry' });
    sim.completeTask({ element: 'pay', result: 7 });
    expect(sim.instance(id)).toHaveVariables({ paid: 7, order: { items: [1, 2] } });
    expect(sim.instance(id)).not.toHaveVariables({ paid: 8 });
    expect(sim.instance(id)).not.toHaveCompleted();
    sim.completeTask({ element: 'pack' });
    expect(sim.instance(id)).toHaveCompleted();
  });

  it('say what happened instead', () => {
    sim.advanceBy('P1D');
    expect(messageOf(() => expect(sim.instance(id)).toHavePassed('wait', 's'))).toBe(
      `Expected instance-1 of workflow "journey" to have passed "wait", "s", but "s" was passed, but not after "wait".

Status:     active
Passed:     s -> wait
Waiting at: pay
Variables:  {"order":{"items":[1,2]}}`,
    );
    expect(messageOf(() => expect(sim.instance(id)).toHavePassed('pack'))).toContain('but "pack" was not passed.');
    expect(messageOf(() => expect(sim.instance(id)).not.toHavePassed('pack', 's'))).toContain('but it passed "s".');
    expect(messageOf(() => expect(sim.instance(id)).toBeWaitingAt('pay', 'pack'))).toContain('no token is at "pack".');
    expect(messageOf(() => expect(sim.instance(id)).toHaveVariables({ paid: 1, order: [] }))).toContain(
      '"paid" is not there in place of 1, "order" is {"items":[1,2]} in place of []',
    );
    sim.failTask({ element: 'pay', reason: 'No money.' });
    expect(messageOf(() => expect(sim.instance(id)).toHaveCompleted())).toMatch(
      /status is "active"\.[^]*Incident: {3}task-failed: At pay: No money\. Remove the cause/,
    );
  });

  it('refuse what is no instance, and say what to write', () => {
    expect(() => expect(id).toHaveCompleted()).toThrow('Write expect(simulation.instance(id)).toHaveCompleted(...)');
  });
});
