import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('extension-place', () => {
  it('finds extensions at the wrong place', async () => {
    expect(
      await findings(
        'extension-place',
        bpmn(inARow(`<bpmn:task id="it">${extensions('<xflow:wait duration="P1D" />')}</bpmn:task>`)),
      ),
    ).toEqual([['it', '<it> has xflow:wait, which means nothing there.']]);
  });

  it('accepts extensions where they belong', async () => {
    expect(
      await findings(
        'extension-place',
        bpmn(
          inARow(
            `<bpmn:intermediateCatchEvent id="it">${extensions('<xflow:wait duration="P1D" />')}</bpmn:intermediateCatchEvent>`,
          ),
        ),
      ),
    ).toEqual([]);
  });
});
