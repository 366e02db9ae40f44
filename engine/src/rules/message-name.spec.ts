import { bpmn, message } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('message-name', () => {
  it('finds elements that do not say it', async () => {
    expect(await findings('message-name', bpmn(inARow('<bpmn:receiveTask id="it" />')))).toEqual([
      ['it', '<it> waits for a message, and does not say for which.'],
    ]);
  });

  it('accepts a named message', async () => {
    expect(
      await findings(
        'message-name',
        bpmn(inARow('<bpmn:receiveTask id="it" messageRef="message_paid" />'), [], message('paid')),
      ),
    ).toEqual([]);
  });
});
