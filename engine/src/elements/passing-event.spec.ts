import { chooseStart } from '../choose-start.js';
import { bpmn, cycle, message, onMessage } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { compileOne } from '../../test/bpmn.js';

describe('start, none throw and none end events', () => {
  it('are passed at once', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="t" /><bpmn:endEvent id="e" />', [
        'f1: s -> t',
        'f2: t -> e',
      ]),
      { a: 1 },
    );
    expect(drive.passed).toEqual(['s', 't', 'e']);
    expect(drive.effects).toEqual([{ kind: 'end', outcome: 'completed', variables: { a: 1 } }]);
  });

  it('move the user to their lifecycle stage, and say why', async () => {
    const lifecycle = (stage: string) => `<xflow:lifecycle stage="${stage}" />`;
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="t" name="First order">
         <bpmn:extensionElements>${lifecycle('Revenue')}</bpmn:extensionElements></bpmn:intermediateThrowEvent>`,
        ['f1: s -> t'],
        '',
        lifecycle('Activation'),
      ),
    );
    expect(drive.all('change-user')).toEqual([
      {
        kind: 'change-user',
        elementId: 'journey',
        change: { kind: 'stage', stage: 'Activation' },
        reason: 'The user entered workflow "Journey".',
      },
      {
        kind: 'change-user',
        elementId: 't',
        change: { kind: 'stage', stage: 'Revenue' },
        reason: 'The user reached "First order" (t) of workflow "Journey".',
      },
    ]);
    expect(drive.view.stage).toBe('Revenue');
  });
});

describe('a process with several start events', () => {
  const xml = bpmn(
    `<bpmn:startEvent id="byHand" /><bpmn:startEvent id="byMessage">${onMessage('order')}</bpmn:startEvent>
     <bpmn:startEvent id="daily">${cycle('R/P1D')}</bpmn:startEvent>
     <bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />`,
    ['f1: byHand -> a', 'f2: byMessage -> b', 'f3: daily -> c'],
    message('order'),
  );

  it('starts at the one that happened', async () => {
    const definition = await compileOne(xml);
    const startAt = (startEventId: string) =>
      new Drive(definition).feed({ kind: 'start', at: 0, startEventId }).waitingAt;
    expect(startAt('byMessage')).toEqual(['b']);
    expect(startAt('daily')).toEqual(['c']);
  });

  it('starts at the none start event when nothing is said', async () => {
    expect((await Drive.start(xml)).waitingAt).toEqual(['a']);
  });

  it('starts at one of several none start events, the one that is named', async () => {
    const definition = await compileOne(
      bpmn(
        '<bpmn:startEvent id="online" /><bpmn:startEvent id="shop" /><bpmn:userTask id="a" /><bpmn:userTask id="b" />',
        ['f1: online -> a', 'f2: shop -> b'],
      ),
    );
    expect(definition.startEvents.map(({ id }) => id)).toEqual(['online', 'shop']);
    for (const [startEventId, task] of [
      ['online', 'a'],
      ['shop', 'b'],
    ] as const)
      expect(new Drive(definition).feed({ kind: 'start', at: 0, startEventId }).waitingAt).toEqual([task]);
    expect(chooseStart(definition, 'shop')).toEqual({ ok: true, input: { startEventId: 'shop' } });
    expect(chooseStart(definition, undefined)).toEqual({
      ok: false,
      message: 'Workflow "journey" has 2 start events without a trigger, and the start names none of them.',
      remedy: 'Name the start event to begin at, one of these: online, shop.',
    });
    expect(chooseStart(definition, 'a')).toMatchObject({ ok: false, remedy: 'Name one of these: online, shop.' });
    expect(chooseStart(await compileOne(xml), undefined)).toEqual({ ok: true, input: {} });
    expect(chooseStart(await compileOne(xml), 'byMessage')).toMatchObject({ ok: false });
  });
});
