import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

const globals =
  '<bpmn:signal id="s1" name="open" /><bpmn:signal id="s2" /><bpmn:escalation id="e1" escalationCode="late" />';
const throwing = (definition: string) =>
  bpmn(inARow(`<bpmn:intermediateThrowEvent id="it">${definition}</bpmn:intermediateThrowEvent>`), [], globals);
const catching = (definition: string) =>
  bpmn(inARow(`<bpmn:intermediateCatchEvent id="it">${definition}</bpmn:intermediateCatchEvent>`), [], globals);

describe('event-reference', () => {
  it.each([
    ['signals', catching('<bpmn:signalEventDefinition />'), 'which signal it is about'],
    ['signals without a name', throwing('<bpmn:signalEventDefinition signalRef="s2" />'), 'which signal it is about'],
    ['escalations', throwing('<bpmn:escalationEventDefinition />'), 'which escalation it throws'],
    ['conditions', catching('<bpmn:conditionalEventDefinition />'), 'what its condition is'],
  ])('finds missing %s', async (_what, xml, missing) => {
    expect(await findings('event-reference', xml)).toEqual([['it', `Event <it> does not say ${missing}.`]]);
  });

  it('accepts what is there', async () => {
    expect(await findings('event-reference', catching('<bpmn:signalEventDefinition signalRef="s1" />'))).toEqual([]);
    expect(
      await findings('event-reference', throwing('<bpmn:escalationEventDefinition escalationRef="e1" />')),
    ).toEqual([]);
    expect(
      await findings(
        'event-reference',
        catching(
          '<bpmn:conditionalEventDefinition><bpmn:condition>=a</bpmn:condition></bpmn:conditionalEventDefinition>',
        ),
      ),
    ).toEqual([]);
  });
});
