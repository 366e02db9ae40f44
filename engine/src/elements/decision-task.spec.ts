import { bpmn, compileOne, extensions } from '../../test/bpmn.js';
import { decision, decisionOf, dmn, table } from '../../test/dmn.js';
import { Drive } from '../../test/drive.js';
import { createSimulation } from '../simulation/create-simulation.js';

const tier = dmn(
  decision('tier', table('', [{ expression: 'amount' }], [{ name: 'tier' }], ['>= 100 => "gold"', '< 100 => "basic"'])),
);
const around = (task: string) =>
  bpmn(`<bpmn:startEvent id="s" />${task}<bpmn:userTask id="after" />`, ['f1: s -> rate', 'f2: rate -> after']);
const rated = (content: string, attributes = '') =>
  around(`<bpmn:businessRuleTask id="rate" ${attributes}>${extensions(content)}</bpmn:businessRuleTask>`);
const zeebe = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"';

describe('a business rule task that asks a decision', () => {
  it('asks with the variables, and keeps what was decided', async () => {
    const drive = await Drive.start(rated('<xflow:decision ref="tier" resultVariable="level" />'), { amount: 120 });
    expect(drive.last('ask', 'rate').question).toEqual({
      kind: 'decision',
      decision: 'tier',
      variables: { amount: 120 },
    });
    drive.answer('rate', { result: 'gold', matched: [] });
    expect([drive.variables, drive.waitingAt]).toEqual([{ amount: 120, level: 'gold' }, ['after']]);
  });

  it('is answered by the decisions of a simulation', async () => {
    const simulation = createSimulation({
      definitions: [await compileOne(rated('<xflow:decision ref="tier" />'))],
      decisions: [await decisionOf(tier, 'tier')],
      now: '2026-01-05T09:00:00Z',
      seed: 'seed',
    });
    const id = simulation.start('journey', { variables: { amount: 20 } });
    expect(simulation.instance(id).variables).toEqual({ amount: 20, decision: 'basic' });
  });

  it('computes which decision it asks', async () => {
    const drive = await Drive.start(rated('<xflow:decision ref="=&quot;tier_&quot; + country" />'), { country: 'fr' });
    expect(drive.last('ask', 'rate').question).toMatchObject({ decision: 'tier_fr' });
    const none = await Drive.start(rated('<xflow:decision ref="=country" />'));
    expect(none.incident).toMatchObject({ type: 'invalid-config', elementId: 'rate' });
  });

  it('raises an incident when nobody can answer, and asks again', async () => {
    const drive = await Drive.start(rated('<xflow:decision ref="tier" />'));
    const { questionId } = drive.last('ask', 'rate');
    drive.feed({ kind: 'answer-failed', at: drive.at, questionId, reason: 'There is no decision "tier".' });
    expect(drive.incident).toMatchObject({ type: 'answer-failed', elementId: 'rate' });
    drive.resolve({ action: 'retry' }).answer('rate', { result: 1 });
    expect(drive.variables).toEqual({ decision: 1 });
  });

  it('reads what other modelers write', async () => {
    const mapped = await Drive.start(
      rated(
        `<zeebe:calledDecision ${zeebe} decisionId="tier" resultVariable="found" /><zeebe:ioMapping ${zeebe}><zeebe:input source="=total * 2" target="amount" /><zeebe:output source="=found" target="level" /></zeebe:ioMapping>`,
      ),
      { total: 60 },
    );
    expect(mapped.last('ask', 'rate').question).toMatchObject({ decision: 'tier', variables: { amount: 120 } });
    expect(mapped.answer('rate', { result: 'gold' }).variables).toEqual({ total: 60, level: 'gold' });

    const camunda = await Drive.start(
      rated(
        '',
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:decisionRef="tier" camunda:resultVariable="level"',
      ),
    );
    expect(camunda.answer('rate', { result: 'gold' }).variables).toEqual({ level: 'gold' });
  });

  it('names the decision for those who must know it', async () => {
    const { references } = await compileOne(rated('<xflow:decision ref="tier" />'));
    expect(references.decisions).toEqual([{ name: 'tier', elementId: 'rate' }]);
  });
});
