import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('lifecycle', () => {
  it('finds a missing stage', async () => {
    expect(
      await findings(
        'lifecycle',
        bpmn(inARow(`<bpmn:task id="it">${extensions('<xflow:lifecycle color="#fff" />')}</bpmn:task>`)),
      ),
    ).toEqual([['it', '<it> has xflow:lifecycle without a stage.']]);
  });

  it('accepts a stage', async () => {
    expect(
      await findings(
        'lifecycle',
        bpmn(inARow(`<bpmn:task id="it">${extensions('<xflow:lifecycle stage="Revenue" />')}</bpmn:task>`)),
      ),
    ).toEqual([]);
  });
});
