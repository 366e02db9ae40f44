import { bpmn, flow, job, message, onCondition, onMessage, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import type { Modification } from '../input.js';
import { checkModification } from './modify.js';

const process = bpmn(
  `<bpmn:startEvent id="start" /><bpmn:userTask id="ask" />
   <bpmn:subProcess id="outer">
     <bpmn:startEvent id="outer_start" />
     <bpmn:subProcess id="inner"><bpmn:startEvent id="inner_start" /><bpmn:userTask id="deep" /><bpmn:userTask id="beside" />
       ${flow('i1: inner_start -> deep')}${flow('i2: deep -> beside')}</bpmn:subProcess>
     ${flow('o1: outer_start -> inner')}
   </bpmn:subProcess>
   <bpmn:boundaryEvent id="late" attachedToRef="outer">${timer('P1D')}</bpmn:boundaryEvent>
   <bpmn:parallelGateway id="join" />
   <bpmn:userTask id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
   <bpmn:subProcess id="many"><bpmn:userTask id="one" /><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:subProcess>
   <bpmn:endEvent id="end" />`,
  [
    'f1: start -> ask',
    'f2: ask -> outer',
    'f3: outer -> join',
    'f4: late -> join',
    'f5: join -> each',
    'f6: each -> many',
    'f7: many -> end',
  ],
);

const modify = (drive: Drive, modification: Modification): Drive =>
  drive.feed({ kind: 'modified', at: drive.at, ...modification });
const tokenOn = (drive: Drive, elementId: string): string =>
  drive.view.tokens.find((token) => token.elementId === elementId)!.id;
const obstacles = (drive: Drive, modification: Modification): readonly string[] =>
  checkModification(drive.definition, drive.state, modification).map(({ message }) => message);

describe('moving tokens by hand', () => {
  it('takes a token from one element and lets one enter another', async () => {
    const drive = await Drive.start(process);
    modify(drive, { activate: [{ elementId: 'each' }], terminate: [{ tokenId: tokenOn(drive, 'ask') }] });
    expect(drive.waitingAt).toEqual(['each']);
    expect(drive.all('cancel-task')).toHaveLength(1);
    expect(drive.events).toContainEqual(expect.objectContaining({ kind: 'element-cancelled', elementId: 'ask' }));
  });

  it('begins the subprocesses around an element with it, with their boundary events', async () => {
    const drive = await Drive.start(process);
    modify(drive, { activate: [{ elementId: 'beside' }], terminate: [{ elementId: 'ask' }] });
    expect(drive.waitingAt).toEqual(['beside']);
    expect(drive.last('schedule-timer', 'late')).toBeDefined();
    expect(drive.passed).not.toContain('inner_start');
    drive.complete('beside');
    expect(drive.passed).toEqual(expect.arrayContaining(['inner', 'outer']));
  });

  it('lets two elements of one subprocess begin in one run of it, and one element as often as it is named', async () => {
    const drive = await Drive.start(process);
    modify(drive, {
      activate: ['deep', 'beside', 'beside'].map((elementId) => ({ elementId })),
      terminate: [{ elementId: 'ask' }],
    });
    expect(drive.state.scopes.map(({ elementId }) => elementId)).toEqual(['journey', 'outer', 'inner']);
    expect(drive.view.tokens.filter(({ elementId }) => elementId === 'beside')).toHaveLength(2);
  });

  it('uses the scope that is open, unless that is taken away at the same time', async () => {
    const drive = (await Drive.start(process)).complete('ask');
    modify(drive, { activate: [{ elementId: 'beside' }] });
    expect(drive.waitingAt).toEqual(['deep', 'beside']);
    modify(drive, { activate: [{ elementId: 'deep' }], terminate: [{ elementId: 'outer' }] });
    expect(drive.waitingAt).toEqual(['deep']);
    expect(drive.all('cancel-timer')).toHaveLength(1);
  });

  it('lets a token into a join without waiting for others', async () => {
    const drive = await Drive.start(process);
    modify(drive, { activate: [{ elementId: 'join' }], terminate: [{ elementId: 'ask' }] });
    expect(drive.waitingAt).toEqual(['each']);
  });

  it('cancels what is left empty: the subprocesses around, and the instance in the end', async () => {
    const drive = (await Drive.start(process)).complete('ask');
    modify(drive, { terminate: [{ elementId: 'deep' }] });
    expect(drive.status).toBe('cancelled');
    const cancelled = drive.events.flatMap((event) => (event.kind === 'element-cancelled' ? [event.elementId] : []));
    expect(cancelled).toEqual(['deep', 'inner', 'outer']);
    expect(drive.all('cancel-timer')).toHaveLength(1);
  });

  it('counts runs of a multi-instance activity as terminated, and goes on when none is left', async () => {
    const drive = await Drive.start(process);
    modify(drive, { activate: [{ elementId: 'each' }], terminate: [{ elementId: 'ask' }] });
    const [around, ...runs] = drive.view.tokens;
    expect(around?.waitingFor).toEqual([{ kind: 'children' }]);
    modify(drive, { terminate: [{ tokenId: runs[0]!.id }, { tokenId: runs[1]!.id }] });
    expect(drive.waitingAt).toEqual(['each']);
    modify(drive, { terminate: [{ tokenId: runs[2]!.id }] });
    expect(drive.waitingAt).toEqual(['one']);
    // In turn: the next run begins.
    modify(drive, { terminate: [{ elementId: 'one' }] });
    expect(drive.waitingAt).toEqual(['one']);
    modify(drive, { terminate: [{ elementId: 'one' }] });
    expect(drive.status).toBe('completed');
  });

  it('sets variables of the root scope first, so that what is activated sees them', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="start" /><bpmn:userTask id="ask" />${job('work', '<xflow:input name="who" value="=name" />')}`,
      ['f1: start -> ask', 'f2: ask -> work'],
    );
    const drive = await Drive.start(xml);
    modify(drive, { activate: [{ elementId: 'work' }], variables: { name: 'ada' } });
    expect(drive.last('create-task', 'work').input).toEqual({ who: 'ada' });
  });

  it('forgets where a subprocess was to begin when an event interrupts it before', async () => {
    const sub = (id: string) =>
      `<bpmn:subProcess id="${id}"><bpmn:startEvent id="${id}_start" /><bpmn:userTask id="${id}_task" />${flow(`${id}_f: ${id}_start -> ${id}_task`)}</bpmn:subProcess>`;
    const xml = bpmn(
      `<bpmn:startEvent id="start" /><bpmn:userTask id="ask" />${sub('one')}${sub('two')}
       <bpmn:boundaryEvent id="at_once" attachedToRef="one">${onCondition('true')}</bpmn:boundaryEvent>`,
      ['f1: start -> ask', 'f2: ask -> one', 'f3: at_once -> two'],
    );
    const drive = await Drive.start(xml);
    modify(drive, { activate: [{ elementId: 'one_task' }], terminate: [{ elementId: 'ask' }] });
    expect(drive.waitingAt).toEqual(['two_task']);
  });

  it('refuses what cannot be, with every reason, and changes nothing', async () => {
    const drive = await Drive.start(process);
    const before = drive.state;
    const wrong: Modification = {
      activate: [{ elementId: 'nowhere' }, { elementId: 'late' }, { elementId: 'one' }, { elementId: '__proto__' }],
      terminate: [{ tokenId: 'token-99' }, { elementId: 'deep' }],
    };
    expect(obstacles(drive, wrong)).toEqual([
      'The instance has no token "token-99".',
      'No token rests on element "deep".',
      'Workflow "journey" has no element "nowhere".',
      'Boundary event "late" happens to its activity, and cannot be activated.',
      'Element "one" is in "many", which runs more than once for a token and does not run now.',
      'Workflow "journey" has no element "__proto__".',
    ]);
    expect(modify(drive, wrong).state).toEqual(before);
    expect(obstacles(drive, {})).toEqual(['The modification changes nothing.']);
  });

  it('asks which scope is meant where there are several', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="start" /><bpmn:subProcess id="sub"><bpmn:userTask id="a" /><bpmn:userTask id="b" />
       <bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:subProcess>`,
      ['f1: start -> sub'],
    );
    const drive = await Drive.start(xml);
    expect(obstacles(drive, { activate: [{ elementId: 'a' }] })).toEqual([
      'Element "a" is in "sub", which runs 2 times.',
    ]);
    const inner = drive.state.scopes.at(-1)!;
    modify(drive, { activate: [{ elementId: 'a', scopeId: inner.id }] });
    expect(
      drive.state.tokens.filter(({ elementId, scopeId }) => elementId === 'a' && scopeId === inner.id),
    ).toHaveLength(2);
    expect(obstacles(drive, { activate: [{ elementId: 'a', scopeId: 'scope-77' }] })[0]).toMatch(
      /none of the open ones/,
    );
  });
});

describe('changing variables from outside', () => {
  const waiting = bpmn(
    `<bpmn:startEvent id="start" /><bpmn:subProcess id="sub"><bpmn:startEvent id="begin" />${flow('g1: begin -> rich')}${flow('g2: begin -> told')}<bpmn:intermediateCatchEvent id="rich">${onCondition('points > 10')}</bpmn:intermediateCatchEvent>
     <bpmn:intermediateCatchEvent id="told">${onMessage('news')}</bpmn:intermediateCatchEvent></bpmn:subProcess>`,
    ['f1: start -> sub'],
    message('news'),
  );

  it('wakes the conditions that read them', async () => {
    const drive = await Drive.start(waiting, { points: 1 });
    drive.feed({ kind: 'variables-set', at: drive.at, variables: { points: 11 } });
    expect(drive.waitingAt).toEqual(['told']);
    expect(drive.variables).toEqual({ points: 11 });
  });

  it('sets them in the scope that is named, hiding those around it', async () => {
    const drive = await Drive.start(waiting, { points: 1 });
    const inner = drive.state.scopes[1]!;
    drive.feed({ kind: 'variables-set', at: drive.at, scopeId: inner.id, variables: { points: 12 } });
    expect(drive.waitingAt).toEqual(['told']);
    expect(drive.variables).toEqual({ points: 1 });
  });

  it('changes nothing without such a scope, or without variables', async () => {
    const drive = await Drive.start(waiting, { points: 1 });
    const before = drive.state;
    drive.feed({ kind: 'variables-set', at: drive.at, scopeId: 'scope-9', variables: { points: 12 } });
    drive.feed({ kind: 'variables-set', at: drive.at, variables: {} });
    expect(drive.state).toEqual(before);
  });
});
