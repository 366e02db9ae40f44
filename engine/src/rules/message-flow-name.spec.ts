import { findings } from '../../test/findings.js';

/** Pools that each throw a message at the one of a shop, which waits for `paid`. */
const throwing = (...names: readonly string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="urn:xflow:bpmn:1.0" id="file" targetNamespace="urn:test">
<bpmn:message id="paid" name="paid" /><bpmn:message id="sent" name="sent" /><bpmn:message id="same" name="paid" />
<bpmn:collaboration id="c"><bpmn:participant id="p" processRef="shop" />
${names.map((_, n) => `<bpmn:participant id="p${n}" processRef="buyer${n}" /><bpmn:messageFlow id="mf${n}" sourceRef="send${n}" targetRef="wait" />`).join('')}</bpmn:collaboration>
<bpmn:process id="shop" isExecutable="true"><bpmn:receiveTask id="wait" messageRef="paid" /></bpmn:process>
${names.map((name, n) => `<bpmn:process id="buyer${n}" isExecutable="true"><bpmn:sendTask id="send${n}" messageRef="${name}">${name === 'sent' && names.length === 3 ? '<bpmn:extensionElements><xflow:message channel="email" /></bpmn:extensionElements>' : ''}</bpmn:sendTask></bpmn:process>`).join('')}
</bpmn:definitions>`;

describe('message-flow-name', () => {
  it('tells which message is waited for, where the ends name different ones', async () => {
    expect(await findings('message-flow-name', throwing('sent'))).toEqual([
      ['mf0', 'Message flow <mf0> carries the message "sent", but <wait> names "paid". It waits for "sent".'],
    ]);
  });

  it('tells which message does not arrive, where others do', async () => {
    expect(await findings('message-flow-name', throwing('paid', 'sent'))).toEqual([
      [
        'mf1',
        'Message flow <mf1> carries the message "sent", but <wait> names "paid". What it carries does not arrive there, because other message flows bring other messages.',
      ],
    ]);
  });

  it('accepts messages of one name, and what is sent by a task handler', async () => {
    expect(await findings('message-flow-name', throwing('paid', 'same'))).toEqual([]);
    expect(await findings('message-flow-name', throwing('paid', 'same', 'sent'))).toEqual([]);
  });
});
