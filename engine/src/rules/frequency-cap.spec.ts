import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('frequency-cap', () => {
  it('finds what is missing', async () => {
    expect(
      await findings(
        'frequency-cap',
        bpmn(inARow('<bpmn:task id="it" />'), [], '', '<xflow:frequencyCap max="0" window="a week" />'),
      ),
    ).toEqual([
      ['journey', 'The frequency cap of "Journey" <journey> does not say how many messages are allowed.'],
      ['journey', 'The frequency cap of "Journey" <journey> does not say within what time.'],
    ]);
  });

  it('accepts both', async () => {
    expect(
      await findings(
        'frequency-cap',
        bpmn(inARow('<bpmn:task id="it" />'), [], '', '<xflow:frequencyCap max="3" window="P7D" />'),
      ),
    ).toEqual([]);
  });
});
