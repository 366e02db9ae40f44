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

const globals = message('stop') + error('refused') + escalation('late') + signal('alarm');

/** An event subprocess `event` that begins with `begin`, and has the user task `handle`. */
const eventSubprocess = (definition: string, attributes = '', content = '') =>
  `<bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="begin" ${attributes}>${definition}</bpmn:startEvent>
  <bpmn:userTask id="handle" />${content}${flow('e1: begin -> handle')}</bpmn:subProcess>`;

/** A process with the user task `work`, then `after`. */
const inProcess = (inside: string, work = '<bpmn:userTask id="work" />') =>
  bpmn(
    `<bpmn:startEvent id="s" />${work}<bpmn:userTask id="after" />${inside}`,
    ['f1: s -> work', 'f2: work -> after'],
    globals,
  );

const aside = 'isInterrupting="false"';

describe('an interrupting event subprocess', () => {
  it('runs instead of everything else in the process', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(onMessage('stop'))));
    expect(drive.waitingAt).toEqual(['work']);
    drive.message('begin', { why: 'moved' });
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.all('cancel-task')).toHaveLength(1);
    expect(drive.all('close-subscription')).toHaveLength(1);
    expect(drive.variables).toEqual({ why: 'moved' });
    drive.complete('handle');
    expect(drive.status).toBe('completed');
  });

  it('is closed when the process ends without it', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(onMessage('stop'))));
    drive.complete('work').complete('after');
    expect(drive.status).toBe('completed');
    expect(drive.all('close-subscription')).toHaveLength(1);
  });

  it('is closed when the process is terminated or cancelled', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(timer('P1D'))));
    drive.cancel();
    expect(drive.all('cancel-timer')).toHaveLength(1);
  });

  it('inside of a subprocess leaves that one when it is done', async () => {
    const drive = await Drive.start(
      inProcess(
        '',
        `<bpmn:subProcess id="work"><bpmn:userTask id="inner" />${eventSubprocess(timer('P1D'))}</bpmn:subProcess>`,
      ),
    );
    drive.timer('begin');
    expect(drive.waitingAt).toEqual(['handle']);
    drive.complete('handle');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('starts when an error is thrown in its scope, with the code before without', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(onError('refused')), job('work')));
    expect(drive.state.tokens).toHaveLength(1);
    drive.throwError('work', 'refused');
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.events).toContainEqual({
      kind: 'error-thrown',
      elementId: 'work',
      code: 'refused',
      caughtBy: 'event',
    });
  });

  it('does not start again by what fails inside of it', async () => {
    const failing = `<bpmn:endEvent id="fail">${onError('refused')}</bpmn:endEvent>${flow('e2: handle -> fail')}`;
    const drive = await Drive.start(inProcess(eventSubprocess(onError('refused'), '', failing), job('work')));
    drive.throwError('work', 'refused').complete('handle');
    expect(drive.status).toBe('error');
  });

  it('sees the variables of its scope', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(timer('=patience'))), { patience: 'P2D' });
    expect(drive.last('schedule-timer', 'begin').dueAt).toBe(drive.at + 2 * 86_400_000);
  });

  it('that cannot be armed keeps an incident, and is armed by a retry', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(timer('=patience'))));
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'begin' });
    drive.resolve({ action: 'retry' }, { patience: 'PT1H' }).timer('begin');
    expect(drive.waitingAt).toEqual(['handle']);
  });

  it('asks what its timer must know', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(timer('=user.attributes.pace'))), {}, () => ({
      id: 'ada',
      attributes: { pace: 'PT1H' },
      tags: [],
      stage: null,
      tier: null,
      points: 0,
    }));
    expect(drive.waitingAt).toEqual(['work']);
    drive.timer('begin');
    expect(drive.waitingAt).toEqual(['handle']);
  });
});

describe('a non-interrupting event subprocess', () => {
  it('runs beside its scope, as often as the event happens', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(onMessage('stop'), aside)));
    drive.message('begin').message('begin');
    expect(drive.waitingAt).toEqual(['work', 'handle']);
    expect(drive.view.tokens.filter(({ elementId }) => elementId === 'handle')).toHaveLength(2);
    drive.complete('work').complete('after');
    expect(drive.status).toBe('active');
    const open = drive.all('create-task').filter(({ elementId }) => elementId === 'handle');
    for (const { taskId } of open) drive.feed({ kind: 'task-completed', at: drive.at, taskId });
    expect(drive.status).toBe('completed');
  });

  it('fires a cycle without drift', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(cycle('R2/P1D'), aside)));
    const start = drive.at;
    drive.timer('begin').timer('begin');
    expect(drive.all('schedule-timer').map(({ dueAt }) => (dueAt - start) / 86_400_000)).toEqual([1, 2]);
    expect(drive.view.tokens.filter(({ elementId }) => elementId === 'handle')).toHaveLength(2);
  });

  it('starts by an escalation, and what escalated goes on', async () => {
    const escalating = `<bpmn:intermediateThrowEvent id="work">${onEscalation('late')}</bpmn:intermediateThrowEvent>`;
    const drive = await Drive.start(inProcess(eventSubprocess(onEscalation('late'), aside), escalating));
    expect(drive.waitingAt).toEqual(['after', 'handle']);
  });

  it('does not start again by what it throws itself', async () => {
    const again = `<bpmn:endEvent id="again">${onEscalation('late')}</bpmn:endEvent>${flow('e2: handle -> again')}`;
    const escalating = `<bpmn:intermediateThrowEvent id="work">${onEscalation('late')}</bpmn:intermediateThrowEvent>`;
    const drive = await Drive.start(inProcess(eventSubprocess(onEscalation('late'), aside, again), escalating));
    drive.complete('handle');
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.last('escalate', 'again')).toMatchObject({ code: 'late' });
  });

  it('starts by a signal', async () => {
    const drive = await Drive.start(inProcess(eventSubprocess(onSignal('alarm'), aside)));
    expect(drive.last('open-subscription', 'begin')).toMatchObject({ event: 'signal', messageName: 'alarm' });
    drive.signal('begin');
    expect(drive.waitingAt).toEqual(['work', 'handle']);
  });

  it('starts whenever its condition becomes true', async () => {
    const drive = await Drive.start(
      inProcess(eventSubprocess(onCondition('count > 2'), aside), job('work', '', 'resultVariable="count"')),
      { count: 0 },
    );
    drive.complete('work', 3);
    expect(drive.waitingAt).toEqual(['after', 'handle']);
    drive.complete('after', { count: 5 });
    expect(drive.view.tokens).toHaveLength(2);
  });
});

describe('an event subprocess that waits for several events', () => {
  it('starts when the escalation and everything else have happened, in any order, and waits for all again', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:userTask id="work" /><bpmn:intermediateThrowEvent id="tell">${onEscalation('late')}</bpmn:intermediateThrowEvent><bpmn:userTask id="rest" />
       <bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="both" parallelMultiple="true" isInterrupting="false">${onMessage('ping')}${onEscalation('late')}</bpmn:startEvent>
       <bpmn:userTask id="handle" />${flow('e1: both -> handle')}</bpmn:subProcess>`,
      ['f1: s -> work', 'f2: work -> tell', 'f3: tell -> rest'],
      message('ping') + escalation('late'),
    );
    const before = await Drive.start(xml);
    expect([...before.message('both').complete('work').waitingAt].sort()).toEqual(['handle', 'rest']);
    const after = await Drive.start(xml);
    expect(after.complete('work').waitingAt).toEqual(['rest']);
    expect([...after.message('both').waitingAt].sort()).toEqual(['handle', 'rest']);
    expect(after.all('open-subscription')).toHaveLength(2);
    after.complete('rest').complete('handle');
    expect(after.status).toBe('completed');
  });
});
