import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('call-activity', () => {
  it('finds calls of nothing', async () => {
    expect(await findings('call-activity', bpmn(inARow('<bpmn:callActivity id="it" />')))).toEqual([
      ['it', 'Call activity <it> does not say which process it calls.'],
    ]);
  });

  it('finds computed calls', async () => {
    expect(
      await findings('call-activity', bpmn(inARow('<bpmn:callActivity id="it" calledElement="${next}" />'))),
    ).toEqual([['it', 'Call activity <it> computes which process it calls by ${next}, which is not supported.']]);
  });

  it('accepts an id', async () => {
    expect(
      await findings('call-activity', bpmn(inARow('<bpmn:callActivity id="it" calledElement="Payment" />'))),
    ).toEqual([]);
  });
});
