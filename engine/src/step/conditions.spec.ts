import { bpmn, flow, message, onCondition, onMessage } from '../../test/bpmn.js';
import { type Answering, Drive } from '../../test/drive.js';
import type { Question } from '../question.js';

/** A user whose points, and membership of `vip`, a test changes. */
function userWith(points: number, vip = false) {
  const asked: Question[] = [];
  const user = { points, vip };
  const answering: Answering = (question) => {
    asked.push(question);
    if (question.kind === 'segments') return { vip: user.vip };
    return { id: 'ada', attributes: {}, tags: [], stage: null, tier: null, points: user.points };
  };
  return { user, asked, answering };
}

const changed = (drive: Drive, elementId: string) =>
  drive.feed({
    kind: 'user-changed',
    at: drive.at,
    subscriptionId: drive.last('open-subscription', elementId).subscriptionId,
  });

const bounded = (condition: string, attributes = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:userTask id="work" /><bpmn:boundaryEvent id="rich" attachedToRef="work" ${attributes}>${onCondition(condition)}</bpmn:boundaryEvent>
     <bpmn:userTask id="after" /><bpmn:userTask id="handle" />`,
    ['f1: s -> work', 'f2: work -> after', 'f3: rich -> handle'],
  );

describe('a condition that reads the user while it waits', () => {
  it('asks to be told of changes of the user, until it is left', async () => {
    const { answering } = userWith(1);
    const drive = await Drive.start(bounded('user.points > 10'), {}, answering);
    expect(drive.all('open-subscription')).toEqual([
      {
        kind: 'open-subscription',
        subscriptionId: 'subscription-4',
        elementId: 'rich',
        event: 'user',
        messageName: '',
        correlationKey: 'ada',
      },
    ]);
    drive.complete('work');
    expect(drive.all('close-subscription')).toEqual([{ kind: 'close-subscription', subscriptionId: 'subscription-4' }]);
  });

  it('happens when a change makes it true, and leaves the work of its activity alone before', async () => {
    const { user, answering } = userWith(1);
    const drive = await Drive.start(bounded('user.points > 10'), {}, answering);
    user.points = 5;
    expect(changed(drive, 'rich').waitingAt).toEqual(['work']);
    expect(drive.all('create-task')).toHaveLength(1);
    user.points = 11;
    expect(changed(drive, 'rich').waitingAt).toEqual(['handle']);
    expect(drive.all('cancel-task')).toHaveLength(1);
  });

  it('happens each time that it becomes true where it does not interrupt', async () => {
    const { user, answering } = userWith(11);
    const drive = await Drive.start(bounded('user.points > 10', 'cancelActivity="false"'), {}, answering);
    const handling = () => drive.all('create-task').filter(({ elementId }) => elementId === 'handle').length;
    expect(handling()).toBe(1);
    changed(drive, 'rich');
    expect(handling()).toBe(1);
    user.points = 1;
    changed(drive, 'rich');
    user.points = 12;
    changed(drive, 'rich');
    expect(handling()).toBe(2);
    expect(drive.waitingAt).toContain('work');
  });

  it('reads variables, the profile and segments together, whichever of them changes', async () => {
    const { user, asked, answering } = userWith(11, true);
    const catching = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="beside" />
       <bpmn:intermediateCatchEvent id="wait">${onCondition('user.points > limit and segment("vip")')}</bpmn:intermediateCatchEvent><bpmn:userTask id="after" />`,
      ['f1: s -> fork', 'f2: fork -> wait', 'f3: fork -> beside', 'f4: wait -> after'],
    );
    const byVariable = await Drive.start(catching, { limit: 20 }, answering);
    expect(byVariable.waitingAt).toContain('wait');
    byVariable.complete('beside', { limit: 10 });
    expect(byVariable.waitingAt).toEqual(['after']);
    expect(asked.map(({ kind }) => kind)).toEqual(['profile', 'segments', 'profile', 'segments']);
    user.vip = false;
    const bySegment = await Drive.start(catching, { limit: 10 }, answering);
    user.vip = true;
    expect(changed(bySegment, 'wait').waitingAt).toContain('after');
  });

  it('starts event subprocesses, and is one of the events behind a gateway', async () => {
    const { user, answering } = userWith(1);
    const subprocess = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:userTask id="work" /><bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="rich">${onCondition('user.points > 10')}</bpmn:startEvent>
         <bpmn:userTask id="handle" />${flow('e1: rich -> handle')}</bpmn:subProcess>`,
        ['f1: s -> work'],
      ),
      {},
      answering,
    );
    const gateway = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="either" /><bpmn:intermediateCatchEvent id="asked">${onMessage('ask')}</bpmn:intermediateCatchEvent>
         <bpmn:intermediateCatchEvent id="rich">${onCondition('user.points > 10')}</bpmn:intermediateCatchEvent><bpmn:userTask id="handle" />`,
        ['f1: s -> either', 'f2: either -> asked', 'f3: either -> rich', 'f4: rich -> handle'],
        message('ask'),
      ),
      {},
      answering,
    );
    user.points = 11;
    expect(changed(subprocess, 'rich').waitingAt).toEqual(['handle']);
    expect(changed(gateway, 'rich').waitingAt).toEqual(['handle']);
  });

  it('is asked again when a parallel multiple event waits for all of its events again', async () => {
    const { user, answering } = userWith(11);
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:userTask id="work" /><bpmn:boundaryEvent id="both" attachedToRef="work" cancelActivity="false" parallelMultiple="true">${onMessage('ask')}${onCondition('user.points > 10')}</bpmn:boundaryEvent>
         <bpmn:userTask id="handle" />`,
        ['f1: s -> work', 'f2: both -> handle'],
        message('ask'),
      ),
      {},
      answering,
    );
    const asking = () => {
      const opened = drive.all('open-subscription').findLast(({ event }) => event === 'message')!;
      return drive.feed({ kind: 'message', at: drive.at, subscriptionId: opened.subscriptionId });
    };
    const handling = () => drive.all('create-task').filter(({ elementId }) => elementId === 'handle').length;
    asking();
    expect(handling()).toBe(1);
    // It is true still, and so has happened again.
    asking();
    expect(handling()).toBe(2);
    user.points = 1;
    asking();
    asking();
    expect(handling()).toBe(3);
  });

  it('that cannot be answered is an incident, and no end of the work', async () => {
    const drive = await Drive.start(bounded('user.points > 10'));
    drive.answer('work', { points: 1 });
    changed(drive, 'rich');
    const { questionId } = drive.last('ask', 'rich');
    drive.feed({ kind: 'answer-failed', at: drive.at, questionId, reason: 'Nobody knows.' });
    expect(drive.incident).toMatchObject({ type: 'answer-failed', elementId: 'rich' });
    drive.resolve({ action: 'retry' });
    expect(drive.waitingAt).toEqual(['work']);
    changed(drive, 'rich').answer('rich', { points: 11 });
    expect(drive.waitingAt).toEqual(['handle']);
  });
});
