import { bpmn, timer } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('unsupported-element', () => {
  it('finds events of another kind', async () => {
    expect(
      await findings(
        'unsupported-element',
        bpmn(
          inARow('<bpmn:intermediateCatchEvent id="it"><bpmn:cancelEventDefinition /></bpmn:intermediateCatchEvent>'),
        ),
      ),
    ).toEqual([['it', '<it> is a cancel intermediate catch event, which is not supported.']]);
  });

  it('finds complex gateways and transactions', async () => {
    expect(await findings('unsupported-element', bpmn('<bpmn:transaction id="c" />'))).toEqual([
      ['c', '<c> is a transaction, which is not supported.'],
    ]);
  });

  it('accepts timers', async () => {
    expect(
      await findings(
        'unsupported-element',
        bpmn(inARow(`<bpmn:intermediateCatchEvent id="it">${timer('P1D')}</bpmn:intermediateCatchEvent>`)),
      ),
    ).toEqual([]);
  });
});
