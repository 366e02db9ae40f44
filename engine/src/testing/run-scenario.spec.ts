import { bpmn, compileAll, extensions, timer } from '../../test/bpmn.js';
import { decision, decisionOf, dmn, literal } from '../../test/dmn.js';
import type { Definition } from '../definition.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';

const xml = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${timer('P3D')}</bpmn:intermediateCatchEvent>
   <bpmn:userTask id="ask" /><bpmn:exclusiveGateway id="x" /><bpmn:serviceTask id="tag">${extensions('<xflow:tag add="happy" />')}</bpmn:serviceTask><bpmn:endEvent id="e" />`,
  [
    'f1: s -> wait',
    'f2: wait -> ask',
    'f3: ask -> x',
    'f4: x -> tag if happy',
    'f5: x -> e if not(happy)',
    'f6: tag -> e',
  ],
);
const story: Scenario = {
  now: '2026-01-05T09:00:00Z',
  seed: 'story',
  users: [{ id: 'ada' }, { id: 'ben', points: 3 }],
  steps: [
    { start: { user: 'ada', variables: { plan: 'yearly' } } },
    { start: { workflow: 'journey', user: 'ben' } },
    { advanceBy: 'P3D' },
    { completeTask: { user: 'ada', element: 'ask', variables: { happy: true } } },
    { completeTask: { user: 'ben', element: 'ask' } },
  ],
  expect: [
    {
      user: 'ada',
      status: 'completed',
      passed: ['tag', 'f4'],
      notPassed: ['f5'],
      variables: { plan: 'yearly' },
      tags: ['happy'],
    },
    { user: 'ben', status: 'active', waitingAt: ['x'], incidents: ['no-flow-chosen'], stage: null },
  ],
};

describe('runScenario', () => {
  it('answers business rule tasks by the decisions it is given', async () => {
    const task = `<bpmn:startEvent id="s" /><bpmn:businessRuleTask id="rate">${extensions('<xflow:decision ref="it" />')}</bpmn:businessRuleTask>`;
    const { failures } = runScenario({
      definitions: await compileAll(bpmn(task, ['f1: s -> rate'])),
      decisions: [await decisionOf(dmn(decision('it', literal('amount * 2'))))],
      scenario: {
        now: '2026-01-05T09:00:00Z',
        seed: 'story',
        users: [{ id: 'ada' }],
        steps: [{ start: { user: 'ada', variables: { amount: 21 } } }],
        expect: [{ user: 'ada', status: 'completed', variables: { decision: 42 } }],
      },
    });
    expect(failures).toEqual([]);
  });

  let definitions: readonly Definition[];
  beforeAll(async () => {
    definitions = await compileAll(xml);
  });
  const run = (changes: Partial<Record<keyof Scenario, unknown>> = {}) =>
    runScenario({ definitions, scenario: { ...story, ...changes } });

  it('plays the steps and finds what is expected', () => {
    const result = run();
    expect(result.failures).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.trace.length).toBeGreaterThan(10);
    expect(result.simulation?.user('ada').tags).toEqual(['happy']);
  });

  it('resolves incidents and cancels', () => {
    const steps = [
      ...story.steps,
      { resolveIncident: { user: 'ben', action: 'take-flow', flowId: 'f5' } },
      { start: { user: 'ben' } },
      { cancel: { user: 'ben' } },
    ];
    expect(run({ steps, expect: [{ user: 'ben', status: 'cancelled' }] }).failures).toEqual([]);
  });

  it('tells everything that is not as expected', () => {
    const { ok, failures } = run({
      expect: [
        {
          user: 'ada',
          status: 'active',
          passed: ['f5'],
          notPassed: ['tag'],
          variables: { plan: 'monthly' },
          tier: 'gold',
        },
        { user: 'ben', waitingAt: ['ask'], incidents: [], tags: ['happy'] },
      ],
    });
    expect(ok).toBe(false);
    expect(failures).toEqual([
      'User "ada": the instance did not pass "f5".',
      'User "ada": the instance passed "tag", and should not.',
      'User "ada": expected status "active", found "completed".',
      'User "ada": expected variable "plan" "monthly", found "yearly".',
      'User "ada": expected tier "gold", found null.',
      'User "ben": expected tokens at ["ask"], found ["x"].',
      'User "ben": expected open incidents [], found ["no-flow-chosen"].',
      'User "ben" lacks tag "happy"; there is none.',
    ]);
  });

  it('stops at a step that cannot be taken, and says which', () => {
    const { failures } = run({
      steps: [{ start: { user: 'ada' } }, { completeTask: { element: 'ask' } }, { advanceBy: 'P1D' }],
    });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^Step 2 \(completeTask\) could not be taken: No task is open at element "ask"/);
  });

  it('refuses a scenario that is not valid, with all of its problems at once', () => {
    const { ok, failures, simulation } = run({
      seed: 7,
      steps: [{ start: { usr: 'ada' } }, { wait: 'P1D' }, { advanceBy: 'P1D', advanceTo: 'x' }],
    });
    expect(ok).toBe(false);
    expect(simulation).toBeNull();
    expect(failures).toHaveLength(5);
    expect(failures.join('\n')).toContain('"seed"');
    expect(failures.join('\n')).toContain('Step 3 must have exactly one of');
  });

  it.each([null, 7, 'text', [], {}, { steps: 3 }, { steps: [null] }])('refuses %j without throwing', (scenario) => {
    expect(runScenario({ definitions, scenario }).ok).toBe(false);
  });

  it('refuses names of users, workflows and elements that are not there, and what is no time', () => {
    const { failures } = run({
      now: 'today',
      steps: [{ start: { workflow: 'other', user: 'eve' } }, { advanceBy: '3 days' }, { advanceTo: 'later' }],
      expect: [{ user: 'ada', passed: ['nowhere'] }],
    });
    expect(failures).toEqual([
      'The scenario\'s now "today" is no ISO 8601 time.',
      'Step 1 (start) names user "eve", who is not among users.',
      'Step 1 (start) names workflow "other"; there is "journey".',
      'Step 2 (advanceBy): "3 days" is no ISO 8601 duration.',
      'Step 3 (advanceTo): "later" is no ISO 8601 time.',
      'Expectation 1 names element "nowhere", which no workflow contains.',
    ]);
  });
});
