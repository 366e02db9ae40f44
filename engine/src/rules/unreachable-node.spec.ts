import { bpmn, timer } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('unreachable-node', () => {
  it('finds elements without a path to them', async () => {
    expect(await findings('unreachable-node', bpmn(inARow('<bpmn:task id="it" /><bpmn:task id="island" />')))).toEqual([
      ['island', '<island> can never be reached from a start event.'],
    ]);
  });

  it('accepts what boundary events lead to', async () => {
    expect(
      await findings(
        'unreachable-node',
        bpmn(
          `${inARow('<bpmn:task id="it" />')}<bpmn:boundaryEvent id="late" attachedToRef="it">${timer('P1D')}</bpmn:boundaryEvent><bpmn:task id="chase" />`,
          ['f: late -> chase'],
        ),
      ),
    ).toEqual([]);
  });
});
