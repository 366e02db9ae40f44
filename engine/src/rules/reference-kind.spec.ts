import { bpmn, error, message, onError, onMessage, onSignal, signal } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const globals = message('m') + signal('s') + error('e');
const catching = (definition: string) =>
  bpmn(
    `<bpmn:startEvent id="start" /><bpmn:intermediateCatchEvent id="it">${definition}</bpmn:intermediateCatchEvent>`,
    ['f: start -> it'],
    globals,
  );

describe('reference-kind', () => {
  it.each([
    [
      catching('<bpmn:messageEventDefinition messageRef="signal_s" />'),
      'as its messageRef, and that is a bpmn:Signal.',
    ],
    [catching('<bpmn:signalEventDefinition signalRef="message_m" />'), 'as its signalRef, and that is a bpmn:Message.'],
    [
      catching('<bpmn:eventDefinitionRef>message_m</bpmn:eventDefinitionRef>'),
      'as its eventDefinitionRef, and that is a bpmn:Message.',
    ],
    [
      bpmn('<bpmn:receiveTask id="it" messageRef="error_e" />', [], globals),
      'as its messageRef, and that is a bpmn:Error.',
    ],
    [
      bpmn('<bpmn:task id="a" /><bpmn:dataObjectReference id="it" dataObjectRef="a" />'),
      'as its dataObjectRef, and that is a bpmn:Task.',
    ],
    [
      bpmn(
        '<bpmn:task id="a" />',
        [],
        `${globals}<bpmn:collaboration id="c"><bpmn:participant id="it" processRef="message_m" /></bpmn:collaboration>`,
      ),
      'as its processRef, and that is a bpmn:Message.',
    ],
    [
      bpmn(
        '<bpmn:dataObject id="o" /><bpmn:task id="it"><bpmn:dataInputAssociation><bpmn:sourceRef>it</bpmn:sourceRef><bpmn:targetRef>o</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:task>',
      ),
      'as its sourceRef, and that is a bpmn:Task.',
    ],
  ])('finds references to the wrong kind of thing (%#)', async (xml, text) => {
    expect(await findings('reference-kind', xml)).toEqual([['it', expect.stringContaining(text)]]);
  });

  it('accepts the right kinds, and shared event definitions', async () => {
    const xml = bpmn(
      `<bpmn:task id="a" /><bpmn:boundaryEvent id="b" attachedToRef="a">${onError('e')}</bpmn:boundaryEvent>
       <bpmn:intermediateCatchEvent id="c">${onMessage('m')}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="d">${onSignal('s')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="x"><bpmn:eventDefinitionRef>shared</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>
       <bpmn:dataObject id="o" /><bpmn:dataObjectReference id="r" dataObjectRef="o" />`,
      [],
      `${globals}<bpmn:signalEventDefinition id="shared" signalRef="signal_s" /><bpmn:collaboration id="co"><bpmn:participant id="p" processRef="journey" /></bpmn:collaboration>`,
    );
    expect(await findings('reference-kind', xml)).toEqual([]);
  });
});
