import {
  bpmn,
  cycle,
  error,
  escalation,
  flow,
  job,
  message,
  onCondition,
  onError,
  onEscalation,
  onMessage,
  onSignal,
  signal,
  timer,
} from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const day = 86_400_000;
const boundary = (id: string, definition: string, attributes = '') =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="work" ${attributes}>${definition}</bpmn:boundaryEvent>`;
const around = (boundaries: string, work = '<bpmn:userTask id="work" />') =>
  bpmn(
    `<bpmn:startEvent id="s" />${work}${boundaries}<bpmn:userTask id="done" /><bpmn:userTask id="caught" />`,
    ['f1: s -> work', 'f2: work -> done', 'f3: event -> caught'],
    message('stop') + error('refused') + error('other'),
  );

describe('an interrupting boundary event', () => {
  it('cancels its activity and takes its token', async () => {
    const drive = (await Drive.start(around(boundary('event', timer('P3D'))))).timer('event');
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.all('cancel-task')).toHaveLength(1);
    expect(drive.events).toContainEqual({ kind: 'element-cancelled', elementId: 'work', tokenId: 'token-2' });
  });

  it('is closed when its activity is done', async () => {
    const drive = await Drive.start(around(boundary('event', timer('P3D'))));
    drive.complete('work');
    expect(drive.all('cancel-timer')).toEqual([
      { kind: 'cancel-timer', timerId: drive.last('schedule-timer', 'event').timerId },
    ]);
    const { state } = drive;
    drive.timer('event');
    expect(drive.state).toEqual(state);
  });

  it('takes a message with its variables', async () => {
    const drive = (await Drive.start(around(boundary('event', onMessage('stop'))))).message('event', { why: 'moved' });
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.variables).toEqual({ why: 'moved' });
    expect(drive.all('close-subscription')).toHaveLength(1);
  });

  it('cancels everything inside a subprocess', async () => {
    const sub = `<bpmn:subProcess id="work"><bpmn:startEvent id="s2" /><bpmn:parallelGateway id="fork" /><bpmn:userTask id="a" />
      <bpmn:intermediateCatchEvent id="b">${timer('P9D')}</bpmn:intermediateCatchEvent>
      ${['g1: s2 -> fork', 'g2: fork -> a', 'g3: fork -> b'].map(flow).join('')}</bpmn:subProcess>`;
    const drive = (await Drive.start(around(boundary('event', timer('P3D')), sub))).timer('event');
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.view.tokens).toHaveLength(1);
    expect(drive.all('cancel-task')).toHaveLength(1);
    expect(drive.all('cancel-timer')).toEqual([
      { kind: 'cancel-timer', timerId: drive.last('schedule-timer', 'b').timerId },
    ]);
  });

  it('interrupts an activity that has failed, and closes its incident', async () => {
    const drive = await Drive.start(around(boundary('event', timer('P3D')), job('work')));
    drive.fail('work').timer('event');
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.view.incidents).toEqual([]);
    expect(drive.all('resolve-incident')).toHaveLength(1);
  });

  it('is armed once for all attempts at its activity', async () => {
    const drive = await Drive.start(around(boundary('event', timer('P3D')), job('work')));
    drive.fail('work').resolve({ action: 'retry' });
    expect(drive.all('schedule-timer')).toHaveLength(1);
    expect(drive.all('create-task').map(({ idempotencyKey }) => idempotencyKey)).toEqual(['i1:work:2', 'i1:work:2']);
  });

  it('keeps the token when it cannot be armed, and arms everything on a retry', async () => {
    const drive = await Drive.start(around(boundary('event', timer('=patience'))));
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'event' });
    expect(drive.all('create-task')).toHaveLength(0);
    drive.resolve({ action: 'retry' }, { patience: 'P1D' });
    expect(drive.all('create-task')).toHaveLength(1);
    expect(drive.all('schedule-timer')).toHaveLength(1);
  });
});

describe('a non-interrupting boundary event', () => {
  it('makes a token of its own and leaves the activity alone', async () => {
    const drive = await Drive.start(around(boundary('event', timer('P3D'), 'cancelActivity="false"')));
    drive.timer('event');
    expect(drive.waitingAt).toEqual(['work', 'caught']);
    drive.complete('work').complete('caught').complete('done');
    expect(drive.status).toBe('completed');
  });

  it('fires a cycle without drift, however late it is noticed', async () => {
    const drive = await Drive.start(around(boundary('event', cycle('R3/P1D'), 'cancelActivity="false"')));
    const start = drive.at;
    for (let firing = 1; firing <= 3; firing += 1) {
      const { timerId, dueAt } = drive.last('schedule-timer', 'event');
      expect(dueAt).toBe(start + firing * day);
      drive.feed({ kind: 'timer-due', at: dueAt + 5_000, timerId });
    }
    expect(drive.all('schedule-timer')).toHaveLength(3);
    expect(drive.view.tokens.filter(({ elementId }) => elementId === 'caught')).toHaveLength(3);
  });

  it('takes one message after the other', async () => {
    const drive = await Drive.start(around(boundary('event', onMessage('stop'), 'cancelActivity="false"')));
    drive.message('event').message('event');
    expect(drive.view.tokens.map(({ elementId }) => elementId)).toEqual(['work', 'caught', 'caught']);
    drive.complete('work');
    expect(drive.all('close-subscription')).toHaveLength(1);
  });

  it('computes a cycle over the profile from the answers of its first firing', async () => {
    const drive = await Drive.start(
      around(boundary('event', cycle('="R/" + user.attributes.pace'), 'cancelActivity="false"')),
      {},
      () => ({ id: 'ada', attributes: { pace: 'P2D' }, tags: [], stage: null, tier: null, points: 0 }),
    );
    drive.timer('event').timer('event');
    expect(drive.all('ask')).toHaveLength(1);
    expect(drive.all('schedule-timer')).toHaveLength(3);
  });
});

describe('an error boundary event', () => {
  const both = `${boundary('any', '<bpmn:errorEventDefinition />')}${boundary('event', onError('refused'))}`;
  const xml = bpmn(
    `<bpmn:startEvent id="s" />${job('work')}${both}<bpmn:userTask id="caught" /><bpmn:userTask id="caughtAny" />`,
    ['f1: s -> work', 'f3: event -> caught', 'f4: any -> caughtAny'],
    error('refused'),
  );

  it('catches the error with its code before one that catches all', async () => {
    const drive = (await Drive.start(xml)).throwError('work', 'refused', { reason: 'limit' });
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.variables).toEqual({ reason: 'limit' });
    expect(drive.events).toContainEqual({
      kind: 'error-thrown',
      elementId: 'work',
      code: 'refused',
      caughtBy: 'event',
    });
  });

  it('without a code catches every other error', async () => {
    expect((await Drive.start(xml)).throwError('work', 'unheard-of').waitingAt).toEqual(['caughtAny']);
  });

  it('catches on the nearest activity around that has a handler', async () => {
    const inner = `<bpmn:subProcess id="inner">${job('pay')}</bpmn:subProcess>`;
    const drive = await Drive.start(
      around(boundary('event', onError('refused')), `<bpmn:subProcess id="work">${inner}</bpmn:subProcess>`),
    );
    drive.throwError('pay', 'refused');
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.view.tokens).toHaveLength(1);
  });

  it('lets a task error that nobody catches become an incident', async () => {
    const drive = await Drive.start(around(boundary('event', onError('refused')), job('work')));
    drive.throwError('work', 'other');
    expect(drive.incident).toMatchObject({ type: 'uncaught-error', elementId: 'work' });
    drive.resolve({ action: 'retry' }).complete('work');
    expect(drive.waitingAt).toEqual(['done']);
  });
});

describe('a boundary event of another kind', () => {
  const globals = signal('alarm') + message('stop') + escalation('late');
  const guarded = (definition: string, attributes = '', work = '<bpmn:userTask id="work" />') =>
    bpmn(
      `<bpmn:startEvent id="s" />${work}${boundary('event', definition, attributes)}<bpmn:userTask id="done" /><bpmn:userTask id="caught" />
      <bpmn:parallelGateway id="fork" /><bpmn:userTask id="beside" />`,
      ['f0: s -> fork', 'f1: fork -> work', 'f4: fork -> beside', 'f2: work -> done', 'f3: event -> caught'],
      globals,
    );
  const aside = 'cancelActivity="false"';

  it('is reached by its signal', async () => {
    const drive = await Drive.start(guarded(onSignal('alarm')));
    expect([...drive.signal('event').waitingAt].sort()).toEqual(['beside', 'caught']);
    expect(drive.all('close-subscription')).toHaveLength(1);
  });

  it('is reached by its signal as often as that comes when it does not interrupt', async () => {
    const drive = await Drive.start(guarded(onSignal('alarm'), aside));
    drive.signal('event').signal('event');
    expect(drive.view.tokens.map(({ elementId }) => elementId).sort()).toEqual(['beside', 'caught', 'caught', 'work']);
  });

  it('comes before the work when its condition is true already', async () => {
    const drive = await Drive.start(guarded(onCondition('risk > 5')), { risk: 9 });
    expect([...drive.waitingAt].sort()).toEqual(['beside', 'caught']);
    expect(drive.all('create-task').map(({ elementId }) => elementId)).not.toContain('work');
  });

  it('interrupts when a change makes its condition true', async () => {
    const drive = await Drive.start(guarded(onCondition('risk > 5')), { risk: 1 });
    drive.complete('beside', { other: 1 });
    expect(drive.waitingAt).toEqual(['work']);
    drive.complete('work', { risk: 9 });
    // The work is done with the very change.
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('makes a token each time its condition becomes true when it does not interrupt', async () => {
    const again = await Drive.start(
      guarded(
        onCondition('risk > 5'),
        aside,
        '<bpmn:subProcess id="work"><bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" /></bpmn:subProcess>',
      ),
      { risk: 1 },
    );
    const caught = () => again.view.tokens.filter(({ elementId }) => elementId === 'caught').length;
    again.complete('a', { risk: 6 });
    expect(caught()).toBe(1);
    again.complete('beside', { risk: 8 });
    expect(caught()).toBe(1);
    again.complete('b', { risk: 2 });
    expect(caught()).toBe(1);
    again.complete('caught', { risk: 7 });
    expect(caught()).toBe(1);
    expect(again.all('create-task').filter(({ elementId }) => elementId === 'caught')).toHaveLength(2);
  });

  it('of a multiple kind happens with any of its events', async () => {
    const drive = await Drive.start(guarded(onSignal('alarm') + onMessage('stop') + timer('P1D')));
    expect([...drive.timer('event').waitingAt].sort()).toEqual(['beside', 'caught']);
    expect(drive.all('close-subscription')).toHaveLength(2);
    expect(drive.all('cancel-timer')).toHaveLength(0);
  });

  it('of a parallel multiple kind happens with the last of its events, and waits for all of them again', async () => {
    const drive = await Drive.start(guarded(onSignal('alarm') + onMessage('stop'), `${aside} parallelMultiple="true"`));
    for (let round = 1; round <= 2; round += 1) {
      const [alarm, stop] = drive.all('open-subscription').slice(-2);
      drive.feed({ kind: 'signal', at: drive.at, subscriptionId: alarm!.subscriptionId });
      expect(drive.view.tokens.filter(({ elementId }) => elementId === 'caught')).toHaveLength(round - 1);
      drive.feed({ kind: 'message', at: drive.at, subscriptionId: stop!.subscriptionId });
      expect(drive.view.tokens.filter(({ elementId }) => elementId === 'caught')).toHaveLength(round);
    }
    drive.cancel();
    expect(drive.all('close-subscription')).toHaveLength(6);
  });
});

describe('a parallel multiple boundary event', () => {
  const host = (definitions: string, attributes = '') =>
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:subProcess id="sub"><bpmn:startEvent id="si" />${job('work')}<bpmn:intermediateThrowEvent id="tell">${onEscalation('late')}</bpmn:intermediateThrowEvent>
       <bpmn:userTask id="rest" />${['g1: si -> work', 'g2: work -> tell', 'g3: tell -> rest'].map(flow).join('')}</bpmn:subProcess>
       <bpmn:boundaryEvent id="caught" attachedToRef="sub" parallelMultiple="true" ${attributes}>${definitions}</bpmn:boundaryEvent>
       <bpmn:userTask id="handle" /><bpmn:userTask id="after" />`,
      ['f1: s -> sub', 'f2: sub -> after', 'f3: caught -> handle'],
      message('ping') + escalation('late') + error('refused'),
    );

  it('remembers an escalation until everything else has happened', async () => {
    const drive = await Drive.start(host(onMessage('ping') + onEscalation('late')));
    drive.complete('work');
    expect(drive.waitingAt).toEqual(['rest']);
    expect(drive.events).toContainEqual({
      kind: 'escalation-thrown',
      elementId: 'tell',
      code: 'late',
      caughtBy: 'caught',
    });
    expect(drive.message('caught').waitingAt).toEqual(['handle']);
  });

  it('happens with an escalation that comes last, and waits for all again where it does not interrupt', async () => {
    const drive = await Drive.start(host(onMessage('ping') + onEscalation('late'), 'cancelActivity="false"'));
    drive.message('caught').complete('work');
    expect([...drive.waitingAt].sort()).toEqual(['handle', 'rest']);
    expect(drive.all('open-subscription')).toHaveLength(2);
    drive.message('caught');
    expect([...drive.waitingAt].sort()).toEqual(['handle', 'rest']);
  });

  it('catches an error when everything else has happened, and no other', async () => {
    const early = await Drive.start(host(onMessage('ping') + onError('refused')));
    expect(early.throwError('work', 'refused').incident).toMatchObject({ type: 'uncaught-error' });
    const last = await Drive.start(host(onMessage('ping') + onError('refused')));
    expect(last.message('caught').throwError('work', 'refused').waitingAt).toEqual(['handle']);
  });
});

describe('a cycle at a boundary whose firing comes late', () => {
  const ticking = (extension: string) =>
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:userTask id="work" /><bpmn:boundaryEvent id="tick" attachedToRef="work" cancelActivity="false">${extension}${cycle('R/PT1H')}</bpmn:boundaryEvent><bpmn:task id="remind" />`,
      ['f1: s -> work', 'f2: tick -> remind'],
    );
  const reminded = (drive: Drive) => drive.passed.filter((id) => id === 'remind').length;
  const late = async (extension: string) => {
    const drive = await Drive.start(ticking(extension));
    drive.at += 4.5 * 3_600_000;
    return drive.timer('tick');
  };

  it('goes on at its own times, because one firing stands for all that were missed', async () => {
    const drive = await late('');
    expect(reminded(drive)).toBe(1);
    expect(drive.last('schedule-timer', 'tick').dueAt).toBe(Date.UTC(2026, 0, 5, 14));
  });

  it('makes up for every one where it shall', async () => {
    const drive = await late('<bpmn:extensionElements><xflow:cycle missed="all" /></bpmn:extensionElements>');
    for (let made = 1; made < 4; made += 1) drive.timer('tick');
    expect(reminded(drive)).toBe(4);
    expect(drive.last('schedule-timer', 'tick').dueAt).toBe(Date.UTC(2026, 0, 5, 14));
  });
});
