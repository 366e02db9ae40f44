import {
  bpmn,
  compileOne,
  cycle,
  error,
  flow,
  job,
  message,
  onCondition,
  onMessage,
  signal,
  timer,
} from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import type { ElementPair, Input } from '../input.js';
import { inspect } from '../inspect.js';
import { replay } from '../time-travel/replay.js';
import { checkMigration } from './check-migration.js';

const globals = message('news') + message('other') + signal('alarm') + error('refused');
const linear = (...nodes: readonly string[]) => {
  const ids = nodes.flatMap((node) => /^<bpmn:(?!boundary)\w+ id="(\w+)"/.exec(node)?.[1] ?? []);
  const boundaries = nodes.flatMap((node) => /^<bpmn:boundaryEvent id="(\w+)"/.exec(node)?.[1] ?? []);
  const flows = ids.slice(1).map((id, index) => `f${index}: ${ids[index]} -> ${id}`);
  for (const id of boundaries) flows.push(`f_${id}: ${id} -> ${id}_end`);
  const ends = boundaries.map((id) => `<bpmn:endEvent id="${id}_end" />`);
  return bpmn([...nodes, ...ends].join('\n'), flows, globals);
};
const start = '<bpmn:startEvent id="start" />';
const end = '<bpmn:endEvent id="end" />';
const userTask = (id: string, more = '') => `<bpmn:userTask id="${id}">${more}</bpmn:userTask>`;
const boundary = (id: string, host: string, content: string, interrupting = true) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${String(interrupting)}">${content}</bpmn:boundaryEvent>`;
const catching = (id: string, content: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${content}</bpmn:intermediateCatchEvent>`;

/** Goes on under the other diagram, which must fit. */
async function migrate(drive: Drive, xml: string, mapping: readonly ElementPair[] = []): Promise<Drive> {
  const definition = await compileOne(xml);
  const check = checkMigration(drive.definition, definition, drive.state, mapping);
  if (!check.ok) throw new Error(JSON.stringify(check.obstacles));
  const moved = new Drive(definition, drive['answering'], drive.state);
  moved.at = drive.at;
  return moved.feed({ kind: 'migrated', at: drive.at, version: 2, ...check.plan });
}

async function obstacles(drive: Drive, xml: string, mapping: readonly ElementPair[] = []): Promise<readonly string[]> {
  const check = checkMigration(drive.definition, await compileOne(xml), drive.state, mapping);
  return check.ok ? [] : check.obstacles.map(({ message }) => message);
}

describe('migrating an instance', () => {
  it('goes on under the new diagram with what is under way', async () => {
    const drive = await Drive.start(linear(start, userTask('ask'), end));
    const task = drive.last('create-task', 'ask');
    const moved = await migrate(drive, linear(start, userTask('ask'), userTask('more'), end));
    expect(moved.effects).toEqual([]);
    moved.feed({ kind: 'task-completed', at: moved.at, taskId: task.taskId });
    expect(moved.waitingAt).toEqual(['more']);
  });

  it('renames what a mapping names, and tells the world', async () => {
    const drive = await Drive.start(linear(start, userTask('ask'), boundary('late', 'ask', timer('P1D')), end));
    const renamed = linear(start, userTask('question'), boundary('late', 'question', timer('P9D')), end);
    expect(await obstacles(drive, renamed)).toEqual(['The instance is busy with "ask", which the new version lacks.']);
    const moved = await migrate(drive, renamed, [{ source: 'ask', target: 'question' }]);
    const elements = [{ source: 'ask', target: 'question' }];
    expect(moved.effects).toEqual([{ kind: 'rename-elements', elements }]);
    expect(moved.events).toEqual([{ kind: 'instance-migrated', version: 2, elements }]);
    // The timer keeps its time.
    const { timerId, dueAt } = drive.last('schedule-timer', 'late');
    moved.feed({ kind: 'timer-due', at: dueAt, timerId });
    expect(moved.passed).toEqual(['late', 'late_end']);
  });

  it('closes events that are gone, opens new ones, and opens anew those that wait for something else', async () => {
    const drive = await Drive.start(
      linear(
        start,
        userTask('ask'),
        boundary('gone', 'ask', timer('P1D')),
        boundary('told', 'ask', onMessage('news')),
        end,
      ),
    );
    const moved = await migrate(
      drive,
      linear(
        start,
        userTask('ask'),
        boundary('told', 'ask', onMessage('other')),
        boundary('soon', 'ask', timer('PT1H')),
        end,
      ),
    );
    expect(moved.effects.map(({ kind }) => kind)).toEqual([
      'cancel-timer',
      'close-subscription',
      'open-subscription',
      'schedule-timer',
    ]);
    expect(moved.last('open-subscription', 'told').messageName).toBe('other');
    expect(moved.timer('soon').passed).toEqual(['soon', 'soon_end']);
  });

  it('does not arm again what has happened already', async () => {
    const xml = linear(
      start,
      userTask('ask'),
      boundary('once', 'ask', timer('PT1H'), false),
      boundary('twice', 'ask', cycle('R2/PT2H'), false),
      end,
    );
    const drive = (await Drive.start(xml)).timer('once').timer('twice').timer('twice');
    const moved = await migrate(drive, xml);
    expect(moved.effects).toEqual([]);
    expect(moved.state).toEqual(drive.state);
  });

  it('asks what a new event needs before it opens it', async () => {
    const drive = await Drive.start(linear(start, userTask('ask'), end));
    const asking = linear(
      start,
      userTask('ask'),
      boundary('when', 'ask', timer('=if user.points > 1 then "PT1H" else "PT2H"')),
      end,
    );
    const moved = await migrate(drive, asking);
    moved.answer('ask', { id: 'ada', attributes: {}, tags: [], stage: null, tier: null, points: 2 });
    expect(moved.last('schedule-timer', 'when').dueAt).toBe(moved.at + 3_600_000);
    expect(moved.all('create-task')).toEqual([]);
  });

  it('raises an incident where a new event cannot be opened, and a retry opens it', async () => {
    const drive = await Drive.start(linear(start, userTask('ask'), end));
    const moved = await migrate(drive, linear(start, userTask('ask'), boundary('when', 'ask', timer('=wait')), end));
    expect(moved.incident).toMatchObject({ elementId: 'when', type: 'expression-failed' });
    moved.resolve({ action: 'retry' }, { wait: 'PT5M' });
    expect(moved.timer('when').passed).toEqual(['when', 'when_end']);
  });

  it('evaluates a condition that is another one now', async () => {
    const drive = await Drive.start(linear(start, catching('rich', onCondition('points > 100')), end), { points: 50 });
    const moved = await migrate(drive, linear(start, catching('rich', onCondition('points > 10')), end));
    expect(moved.status).toBe('completed');
  });

  it('lets events behind an event-based gateway come and go', async () => {
    const gateway = (events: string, flows: readonly string[]) =>
      bpmn(`${start}<bpmn:eventBasedGateway id="either" />${events}`, ['f0: start -> either', ...flows], globals);
    const drive = await Drive.start(
      gateway(catching('a', onMessage('news')) + catching('b', timer('P1D')), ['f1: either -> a', 'f2: either -> b']),
    );
    const moved = await migrate(
      drive,
      gateway(catching('b', timer('P2D')) + catching('c', onMessage('other')), ['f2: either -> b', 'f3: either -> c']),
    );
    expect(moved.effects.map(({ kind }) => kind)).toEqual(['close-subscription', 'open-subscription']);
    expect(moved.message('c').passed).toEqual(['either', 'c']);
    expect(moved.all('cancel-timer')).toHaveLength(1);
  });

  it('lets event subprocesses come and go', async () => {
    const handler = (id: string, name: string) =>
      `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}_start" isInterrupting="false">${onMessage(name)}</bpmn:startEvent>${userTask(`${id}_task`)}${flow(`${id}_f: ${id}_start -> ${id}_task`)}</bpmn:subProcess>`;
    const drive = await Drive.start(
      linear(start, userTask('ask'), end).replace('</bpmn:process>', `${handler('one', 'news')}</bpmn:process>`),
    );
    const moved = await migrate(
      drive,
      linear(start, userTask('ask'), end).replace('</bpmn:process>', `${handler('two', 'other')}</bpmn:process>`),
    );
    expect(moved.effects.map(({ kind }) => kind)).toEqual(['close-subscription', 'open-subscription']);
    expect(moved.message('two_start').waitingAt).toEqual(['ask', 'two_task']);
  });

  it('lets a join fire that waits for less now', async () => {
    const forked = (branches: readonly string[]) =>
      bpmn(
        `${start}<bpmn:parallelGateway id="fork" />${branches.map((id) => userTask(id)).join('')}<bpmn:parallelGateway id="join" />${userTask('after')}`,
        [
          'f0: start -> fork',
          'f9: join -> after',
          ...branches.flatMap((id) => [`in_${id}: fork -> ${id}`, `out_${id}: ${id} -> join`]),
        ],
      );
    const drive = (await Drive.start(forked(['a', 'b', 'c']))).complete('a').complete('b');
    expect(await obstacles(drive, forked(['a', 'b']))).toEqual([
      'The instance is busy with "c", which the new version lacks.',
    ]);
    drive.feed({ kind: 'modified', at: drive.at, terminate: [{ elementId: 'c' }] });
    expect((await migrate(drive, forked(['a', 'b']))).waitingAt).toEqual(['after']);
    expect(await obstacles(drive, forked(['b', 'd']))).toEqual([
      'A token has come to join "join" by sequence flow "out_a", and no flow of the new version stands for it.',
    ]);
    const mapped = await migrate(drive, forked(['b', 'd']), [{ source: 'a', target: 'd' }]);
    expect(mapped.waitingAt).toEqual(['after']);
  });

  it('keeps runs, loops and what can be compensated', async () => {
    const diagram = (suffix: string) =>
      bpmn(
        `${start}${job(`book${suffix}`)}<bpmn:boundaryEvent id="on${suffix}" attachedToRef="book${suffix}"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
         <bpmn:userTask id="undo${suffix}" isForCompensation="true" /><bpmn:association id="as" sourceRef="on${suffix}" targetRef="undo${suffix}" />
         <bpmn:userTask id="each${suffix}"><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
         <bpmn:intermediateThrowEvent id="sorry${suffix}"><bpmn:compensateEventDefinition /></bpmn:intermediateThrowEvent>`,
        [`f0: start -> book${suffix}`, `f1: book${suffix} -> each${suffix}`, `f2: each${suffix} -> sorry${suffix}`],
      );
    const drive = (await Drive.start(diagram(''))).complete('book').complete('each');
    const mapping = ['book', 'each'].map((source) => ({ source, target: `${source}_2` }));
    const moved = await migrate(drive, diagram('_2'), mapping);
    moved.feed({ kind: 'task-completed', at: moved.at, taskId: drive.last('create-task', 'each').taskId });
    expect(moved.waitingAt).toEqual(['undo_2']);
    expect(moved.complete('undo_2').status).toBe('completed');
  });

  it('decides anew among flows that are others now', async () => {
    const choice = (condition: string) =>
      bpmn(`${start}<bpmn:exclusiveGateway id="choice" />${userTask('a')}${userTask('b')}`, [
        'f0: start -> choice',
        `fa: choice -> a if x > 10`,
        `fb: choice -> b if ${condition}`,
      ]);
    const drive = await Drive.start(choice('x > 20'), { x: 5 });
    expect(drive.incident.type).toBe('no-flow-chosen');
    expect((await migrate(drive, choice('x > 1'))).state.incidents).toHaveLength(1);
    const moved = await migrate(drive, choice('x > 1').replaceAll('"fb"', '"fc"'));
    expect(moved.waitingAt).toEqual(['b']);
    expect(moved.state.incidents).toEqual([]);
  });

  it('tells everything that does not fit, and changes nothing', async () => {
    const sub = (content: string) =>
      `<bpmn:subProcess id="sub"><bpmn:startEvent id="sub_start" />${content}${flow('s1: sub_start -> inside')}</bpmn:subProcess>`;
    const drive = await Drive.start(
      bpmn(
        `${start}${userTask('ask')}${sub(userTask('inside'))}${userTask('often', '<bpmn:standardLoopCharacteristics loopMaximum="3" />')}`,
        ['f1: start -> ask', 'f2: start -> sub', 'f3: start -> often'],
      ),
    );
    const other = bpmn(`${start}${job('ask')}${userTask('inside')}${userTask('often')}`, [
      'f1: start -> ask',
      'f2: start -> inside',
      'f3: start -> often',
    ]);
    expect(await obstacles(drive, other, [{ source: 'nothing', target: 'nowhere' }])).toEqual([
      'The mapping names "nothing", which the old version lacks.',
      'The instance is busy with "sub", which the new version lacks.',
      'The instance is busy with "ask", which is a user-task, and "ask" is a service-task.',
      'Activity "often" is under way and is a loop, and in the new version "often" runs once.',
      'The instance is busy with "inside" in "sub", and "inside" is in "journey".',
    ]);
  });

  it('replays', async () => {
    const [old, now] = await Promise.all([
      compileOne(linear(start, userTask('ask'), end)),
      compileOne(linear(start, userTask('ask'), boundary('late', 'ask', timer('PT1H')), end)),
    ]);
    const drive = new Drive(old).start();
    const check = checkMigration(old, now, drive.state);
    if (!check.ok) throw new Error('It fits.');
    const inputs: Input[] = [...drive.inputs, { kind: 'migrated', at: drive.at + 1, version: 2, ...check.plan }];
    const history = { instanceId: 'i1', subjectId: 'ada', steps: inputs.map((input) => ({ input })) };
    const steps = replay(old, history, { migratedTo: ({ version }) => (version === 2 ? now : old) });
    expect(inspect(now, steps.at(-1)!.state).tokens[0]?.waitingFor.map(({ kind }) => kind)).toEqual([
      'user-task',
      'timer',
    ]);
    expect(() => replay(old, history)).toThrow(/pass migratedTo/);
  });

  it('refuses instances that have ended', async () => {
    const xml = linear(start, end);
    expect(await obstacles(await Drive.start(xml), xml)).toEqual(['The instance has ended, or has not begun yet.']);
  });
});
