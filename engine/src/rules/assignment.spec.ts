import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('assignment', () => {
  it('finds computed assignments', async () => {
    expect(
      await findings(
        'assignment',
        bpmn(inARow(`<bpmn:userTask id="it">${extensions('<xflow:candidates groups="=team" />')}</bpmn:userTask>`)),
      ),
    ).toEqual([['it', 'User task <it> computes who may do it by =team, which is not supported: anyone may.']]);
  });

  it('accepts names', async () => {
    expect(
      await findings(
        'assignment',
        bpmn(inARow(`<bpmn:userTask id="it">${extensions('<xflow:candidates groups="sales" />')}</bpmn:userTask>`)),
      ),
    ).toEqual([]);
  });
});
