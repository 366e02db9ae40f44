import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('quantity', () => {
  it('finds quantities below one', async () => {
    expect(
      await findings('quantity', bpmn(inARow('<bpmn:task id="it" startQuantity="0" completionQuantity="-2" />'))),
    ).toEqual([
      ['it', '<it> has startQuantity 0, and tokens are counted in whole numbers from 1 on.'],
      ['it', '<it> has completionQuantity -2, and tokens are counted in whole numbers from 1 on.'],
    ]);
  });

  it('accepts whole numbers', async () => {
    expect(
      await findings('quantity', bpmn(inARow('<bpmn:task id="it" startQuantity="2" completionQuantity="3" />'))),
    ).toEqual([]);
  });
});
