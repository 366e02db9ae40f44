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

  it('finds cancel events outside of transactions', async () => {
    expect(
      await findings(
        'unsupported-element',
        bpmn(
          `<bpmn:startEvent id="start" /><bpmn:task id="work" /><bpmn:boundaryEvent id="boundary" attachedToRef="work"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>
          <bpmn:endEvent id="end"><bpmn:cancelEventDefinition /></bpmn:endEvent>`,
          ['f1: start -> work', 'f2: work -> end', 'f3: boundary -> end'],
        ),
      ),
    ).toEqual([
      ['boundary', '<boundary> is a cancel boundary event, which is not supported.'],
      ['end', '<end> is a cancel end event, which is not supported.'],
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
