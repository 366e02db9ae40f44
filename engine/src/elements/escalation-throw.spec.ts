import { bpmn, compileAll, escalation, flow, onEscalation } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { createSimulation } from '../simulation/create-simulation.js';

const escalating = (attributes: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />
    <bpmn:intermediateThrowEvent id="escalate">${onEscalation('late')}</bpmn:intermediateThrowEvent><bpmn:userTask id="work" />
    ${flow('g1: s2 -> escalate')}${flow('g2: escalate -> work')}</bpmn:subProcess>
    <bpmn:boundaryEvent id="any" attachedToRef="sub" cancelActivity="false"><bpmn:escalationEventDefinition /></bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="caught" attachedToRef="sub" ${attributes}>${onEscalation('late')}</bpmn:boundaryEvent>
    <bpmn:userTask id="handle" /><bpmn:userTask id="other" />`,
    ['f1: s -> sub', 'f2: caught -> handle', 'f3: any -> other'],
    escalation('late'),
  );

describe('an escalation', () => {
  it('is caught by the event with its code before one without, and goes on', async () => {
    const drive = await Drive.start(escalating('cancelActivity="false"'));
    expect([...drive.waitingAt].sort()).toEqual(['handle', 'work']);
    expect(drive.events).toContainEqual({
      kind: 'escalation-thrown',
      elementId: 'escalate',
      code: 'late',
      caughtBy: 'caught',
    });
  });

  it('that is caught by an interrupting event goes no further', async () => {
    const drive = await Drive.start(escalating(''));
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.passed).toContain('escalate');
    expect(drive.all('create-task').map(({ elementId }) => elementId)).toEqual(['handle']);
  });

  it('that nothing catches goes on, and out to the caller', async () => {
    const called = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="escalate">${onEscalation('late')}</bpmn:intermediateThrowEvent><bpmn:userTask id="work" />`,
      ['f1: s -> escalate', 'f2: escalate -> work'],
      escalation('late'),
    ).replace('id="journey"', 'id="called"');
    const calling = (attributes: string) =>
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:callActivity id="call" calledElement="called" />
        <bpmn:boundaryEvent id="caught" attachedToRef="call" ${attributes}>${onEscalation('late')}</bpmn:boundaryEvent><bpmn:userTask id="handle" />`,
        ['f1: s -> call', 'f2: caught -> handle'],
        escalation('late'),
      );
    for (const [attributes, atCaller, atCalled] of [
      ['cancelActivity="false"', ['call', 'handle'], ['work']],
      ['', ['handle'], []],
    ] as const) {
      const simulation = createSimulation({
        definitions: [...(await compileAll(called)), ...(await compileAll(calling(attributes)))],
        now: '2026-01-05T09:00:00Z',
        seed: 's',
        users: [{ id: 'ada' }],
      });
      simulation.start('journey', { user: 'ada' });
      expect(simulation.instances().map(({ waitingAt }) => waitingAt)).toEqual([atCaller, atCalled]);
    }
  });
});
