import { bpmn } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const gateway = (condition: string, attributes = '') =>
  `<bpmn:complexGateway id="x" ${attributes}>${condition === '' ? '' : `<bpmn:activationCondition>=${condition}</bpmn:activationCondition>`}</bpmn:complexGateway>`;

/** Three tasks side by side, which come together at a complex gateway. */
const three = (condition: string, more = '', flows: readonly string[] = ['o: x -> done'], attributes = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />
     <bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />${gateway(condition, attributes)}<bpmn:userTask id="done" />${more}`,
    [
      'f0: s -> fork',
      'f1: fork -> a',
      'f2: fork -> b',
      'f3: fork -> c',
      'g1: a -> x',
      'g2: b -> x',
      'g3: c -> x',
      ...flows,
    ],
  );

describe('a complex gateway that joins', () => {
  it('lets a token through as soon as its condition is true, and takes the late ones', async () => {
    const drive = await Drive.start(three('activationCount &gt;= 2'));
    drive.complete('a');
    expect([...drive.waitingAt].sort()).toEqual(['b', 'c', 'x']);
    drive.complete('b');
    expect([...drive.waitingAt].sort()).toEqual(['c', 'done']);
    drive.complete('done');
    expect(drive.status).toBe('active');
    drive.complete('c');
    expect(drive.status).toBe('completed');
    expect(drive.all('create-task').filter(({ elementId }) => elementId === 'done')).toHaveLength(1);
  });

  it('sends a token out at the reset where a condition asks for it', async () => {
    const drive = await Drive.start(
      three('activationCount &gt;= 1', '<bpmn:userTask id="all" />', [
        'o: x -> done if waitingForStart',
        'p: x -> all if not(waitingForStart)',
      ]),
    );
    drive.complete('a').complete('b');
    expect([...drive.waitingAt].sort()).toEqual(['c', 'done', 'x']);
    drive.complete('c');
    expect([...drive.waitingAt].sort()).toEqual(['all', 'done']);
  });

  it('is reset when what is missing can no longer come', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="a" /><bpmn:userTask id="b" />
       <bpmn:exclusiveGateway id="way" default="w1" /><bpmn:endEvent id="e" />${gateway('activationCount &gt;= 1')}<bpmn:userTask id="done" /><bpmn:userTask id="reset" />`,
      [
        'f0: s -> fork',
        'f1: fork -> a',
        'f2: fork -> b',
        'g1: a -> x',
        'g2: b -> way',
        'w1: way -> x',
        'w2: way -> e if stop',
        'o: x -> done if waitingForStart',
        'p: x -> reset if not(waitingForStart)',
      ],
    );
    const drive = await Drive.start(xml);
    drive.complete('a');
    expect([...drive.waitingAt].sort()).toEqual(['b', 'done']);
    drive.complete('b', { stop: true });
    expect([...drive.waitingAt].sort()).toEqual(['done', 'reset']);
  });

  it('keeps tokens of the next round', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:userTask id="a" /><bpmn:userTask id="b" />${gateway('activationCount &gt;= 2')}<bpmn:userTask id="done" />`,
      ['f1: s -> a', 'f2: s -> a', 'f3: s -> b', 'f4: s -> b', 'g1: a -> x', 'g2: b -> x', 'o: x -> done'],
    );
    const drive = await Drive.start(xml);
    for (const { taskId } of drive.all('create-task'))
      drive.feed({ kind: 'task-completed', at: drive.at, taskId, result: null });
    expect(drive.all('create-task').filter(({ elementId }) => elementId === 'done')).toHaveLength(2);
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('without a condition waits for every flow', async () => {
    const drive = await Drive.start(three(''));
    drive.complete('a').complete('b');
    expect([...drive.waitingAt].sort()).toEqual(['c', 'x']);
    expect(drive.complete('c').waitingAt).toEqual(['done']);
  });

  it('stops at a condition that fails, and goes on after a retry', async () => {
    const drive = await Drive.start(three('needed'), { needed: 'two' });
    drive.complete('a');
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'x' });
    drive.resolve({ action: 'retry' }, { needed: true });
    expect([...drive.waitingAt].sort()).toEqual(['b', 'c', 'done']);
  });
});

describe('a complex gateway that splits', () => {
  const split = bpmn(
    `<bpmn:startEvent id="s" />${gateway('', 'default="h3"')}<bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />`,
    ['f: s -> x', 'h1: x -> a if n > 1', 'h2: x -> b if n > 2', 'h3: x -> c'],
  );

  it.each([
    [3, ['a', 'b']],
    [2, ['a']],
    [1, ['c']],
  ])('takes every flow whose condition is true, else the default: %s', async (n, expected) => {
    expect((await Drive.start(split, { n })).waitingAt).toEqual(expected);
  });

  it('raises an incident when no flow can be taken', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" />${gateway('')}<bpmn:userTask id="a" /><bpmn:userTask id="b" />`, [
        'f: s -> x',
        'h1: x -> a if n > 1',
        'h2: x -> b if n > 2',
      ]),
      { n: 0 },
    );
    expect(drive.incident.type).toBe('no-flow-chosen');
    expect(drive.resolve({ action: 'take-flow', flowId: 'h2' }).waitingAt).toEqual(['b']);
  });
});
