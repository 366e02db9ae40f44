import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

const task = (said: string) =>
  bpmn(inARow(`<bpmn:businessRuleTask id="it">${extensions(said)}</bpmn:businessRuleTask>`));

describe('decision', () => {
  it('finds tasks that do not say which', async () => {
    expect(await findings('decision', task('<xflow:decision resultVariable="level" />'))).toEqual([
      ['it', 'Business rule task <it> does not say which decision it asks.'],
    ]);
  });

  it('accepts those that do', async () => {
    expect(await findings('decision', task('<xflow:decision ref="tier" />'))).toEqual([]);
  });
});
