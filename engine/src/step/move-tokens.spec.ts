import { bpmn, message, onMessage } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const tasks = (...ids: readonly string[]) => ids.map((id) => `<bpmn:userTask id="${id}" />`).join('');
const tasksAt = (drive: Drive, id: string) =>
  drive.all('create-task').filter(({ elementId }) => elementId === id).length;

describe('quantities of tokens', () => {
  it('let an activity begin when enough tokens have come, as one', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" />${tasks('a', 'b', 'c')}<bpmn:userTask id="work" startQuantity="2" />`, [
        'f1: s -> a',
        'f2: s -> b',
        'f3: s -> c',
        'g1: a -> work',
        'g2: b -> work',
        'g3: c -> work',
      ]),
    );
    drive.complete('a');
    expect(tasksAt(drive, 'work')).toBe(0);
    drive.complete('b');
    expect(tasksAt(drive, 'work')).toBe(1);
    drive.complete('c').complete('work');
    expect(drive.waitingAt).toEqual(['work']);
    expect(tasksAt(drive, 'work')).toBe(1);
  });

  it('send several tokens along each flow', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:task id="t" completionQuantity="3" />${tasks('a', 'b')}`, [
        'f1: s -> t',
        'f2: t -> a',
        'f3: t -> b',
      ]),
    );
    expect([tasksAt(drive, 'a'), tasksAt(drive, 'b')]).toEqual([3, 3]);
    expect(drive.view.tokens).toHaveLength(6);
  });

  it('stop at the bound of tokens', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:task id="t" completionQuantity="1000000000" />${tasks('a')}`, [
        'f1: s -> t',
        'f2: t -> a',
      ]),
    );
    expect(drive.incident.type).toBe('bound-reached');
  });
});

describe('implicit splits and merges', () => {
  it('send a token along each of two flows between the same two nodes, and begin the target for each', async () => {
    const drive = await Drive.start(bpmn(`<bpmn:startEvent id="s" />${tasks('a')}`, ['f1: s -> a', 'f2: s -> a']));
    expect(tasksAt(drive, 'a')).toBe(2);
    expect(drive.view.tokens).toHaveLength(2);
  });

  it('meet again at a parallel join that two flows between the same two nodes lead to', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" /><bpmn:parallelGateway id="join" />${tasks('a')}`, [
        'f1: s -> join',
        'f2: s -> join',
        'f3: join -> a',
      ]),
    );
    expect(tasksAt(drive, 'a')).toBe(1);
    expect(drive.view.tokens).toHaveLength(1);
  });
});

describe('several start events', () => {
  const xml = bpmn(
    `<bpmn:startEvent id="none" /><bpmn:startEvent id="asked">${onMessage('ask')}</bpmn:startEvent>${tasks('a', 'b')}`,
    ['f1: none -> a', 'f2: asked -> b'],
    message('ask'),
  );

  it('begin where the one that happened stands', async () => {
    expect((await Drive.start(xml)).waitingAt).toEqual(['a']);
    const byMessage = new Drive((await Drive.start(xml)).definition);
    expect(byMessage.feed({ kind: 'start', at: byMessage.at, startEventId: 'asked' }).waitingAt).toEqual(['b']);
  });
});
