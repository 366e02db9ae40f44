import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('not-executed', () => {
  it('finds them', async () => {
    expect(
      await findings(
        'not-executed',
        bpmn(inARow('<bpmn:task id="it" />'), [], '', '<xflow:quietHours from="22:00" until="08:00" />'),
      ),
    ).toEqual([
      ['journey', '"Journey" <journey> has xflow:quietHours, which is understood but not executed in this version.'],
    ]);
  });

  it('accepts what is executed', async () => {
    expect(
      await findings(
        'not-executed',
        bpmn(inARow('<bpmn:task id="it" />'), [], '', '<xflow:lifecycle stage="Revenue" />'),
      ),
    ).toEqual([]);
  });
});
