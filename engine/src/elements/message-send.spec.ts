import { bpmn, extensions } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const mail = '<xflow:message channel="email" template="welcome" resultVariable="mail" />';
const xml = (cap: boolean) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:sendTask id="send">${extensions(mail)}</bpmn:sendTask>
     <bpmn:intermediateThrowEvent id="throw">${extensions(mail)}<bpmn:messageEventDefinition /></bpmn:intermediateThrowEvent>
     <bpmn:endEvent id="end">${extensions(mail)}<bpmn:messageEventDefinition /></bpmn:endEvent>`,
    ['f1: s -> send', 'f2: send -> throw', 'f3: throw -> end'],
    '',
    cap ? '<xflow:frequencyCap max="2" window="P7D" />' : '',
  );

describe('a message to the user', () => {
  it('is a job of its channel, for send tasks, throw and end events', async () => {
    const drive = await Drive.start(xml(false));
    for (const id of ['send', 'throw', 'end']) {
      expect(drive.last('create-task', id)).toMatchObject({ type: 'send-email', config: { template: 'welcome' } });
      drive.complete(id, { sent: true });
    }
    expect(drive.status).toBe('completed');
    expect(drive.variables).toEqual({ mail: { sent: true } });
  });

  it('asks before whether the user may be reached, where the process has a frequency cap', async () => {
    const drive = await Drive.start(xml(true));
    expect(drive.last('ask', 'send').question).toEqual({
      kind: 'reach',
      channel: 'email',
      cap: { max: 2, window: 7 * 86_400_000 },
    });
    drive.answer('send', { allowed: true });
    expect(drive.all('create-task')).toHaveLength(1);
  });

  it('is not sent when the user may not be reached, and the journey goes on', async () => {
    const drive = await Drive.start(xml(true));
    drive.answer('send', { allowed: false, reason: 'Two messages this week already.' });
    expect(drive.all('create-task')).toHaveLength(0);
    expect(drive.variables).toEqual({ mail: { sent: false, reason: 'Two messages this week already.' } });
    expect(drive.events).toContainEqual({
      kind: 'reach-refused',
      elementId: 'send',
      channel: 'email',
      reason: 'Two messages this week already.',
    });
    expect(drive.waitingAt).toEqual(['throw']);
  });

  it('counts once, however often it is tried', async () => {
    const drive = await Drive.start(xml(true));
    drive.answer('send', { allowed: true }).fail('send').resolve({ action: 'retry' });
    expect(drive.all('ask')).toHaveLength(1);
    expect(drive.all('create-task')).toHaveLength(2);
  });
});
