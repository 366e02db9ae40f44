import { bpmn, compileOne, timer } from '../test/bpmn.js';
import { Drive } from '../test/drive.js';
import { advance } from './advance.js';
import { createInstance } from './create-instance.js';

const wait = (id: string) => `<bpmn:intermediateCatchEvent id="${id}">${timer('P1D')}</bpmn:intermediateCatchEvent>`;

describe('advance', () => {
  const journey = bpmn(
    `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" />${wait('w')}<bpmn:userTask id="a" /><bpmn:endEvent id="e" />`,
    ['f1: s -> fork', 'f2: fork -> w', 'f3: fork -> a', 'f4: w -> e', 'f5: a -> e'],
  );

  it('changes nothing for an input that comes too late: the same state object', async () => {
    const drive = (await Drive.start(journey)).timer('w');
    const { definition, state } = drive;
    const { timerId } = drive.last('schedule-timer', 'w');
    const nothing = { state, effects: [], events: [] };
    expect(advance(definition, state, { kind: 'timer-due', at: 0, timerId }).state).toBe(state);
    expect(advance(definition, state, { kind: 'timer-due', at: 0, timerId })).toEqual(nothing);
    expect(advance(definition, state, { kind: 'timer-due', at: 0, timerId: 'never-was' })).toEqual(nothing);
    expect(advance(definition, state, { kind: 'task-completed', at: 0, taskId: timerId })).toEqual(nothing);
    expect(advance(definition, state, { kind: 'start', at: 0 })).toEqual(nothing);
    expect(
      advance(definition, state, {
        kind: 'incident-resolved',
        at: 0,
        incidentId: 'x',
        resolution: { action: 'retry' },
      }),
    ).toEqual(nothing);
  });

  it('changes nothing after the end, and nothing before the start', async () => {
    const ended = (await Drive.start(journey)).cancel();
    expect(advance(ended.definition, ended.state, { kind: 'cancelled', at: 0 }).state).toBe(ended.state);
    const fresh = createInstance({ instanceId: 'i', subjectId: 'u' });
    expect(advance(ended.definition, fresh, { kind: 'cancelled', at: 0 }).state).toBe(fresh);
  });

  it('cancels everything that is open, and ends', async () => {
    const drive = (await Drive.start(journey)).cancel();
    expect(drive.status).toBe('cancelled');
    expect(drive.effects.slice(-3)).toEqual([
      { kind: 'cancel-timer', timerId: drive.last('schedule-timer', 'w').timerId },
      { kind: 'cancel-task', taskId: drive.last('create-task', 'a').taskId },
      { kind: 'end', outcome: 'cancelled', variables: {} },
    ]);
    expect(drive.events.filter(({ kind }) => kind === 'element-cancelled')).toHaveLength(2);
  });

  it('closes open incidents when it cancels', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" /><bpmn:task id="a" /><bpmn:task id="b" />', [
        'f1: s -> x',
        'f2: x -> a',
        'f3: x -> b',
      ]),
    );
    drive.cancel();
    expect(drive.all('resolve-incident')).toHaveLength(1);
    expect(drive.view.incidents).toEqual([]);
  });

  it('shares with the state before what the step does not touch', async () => {
    const { definition, state } = await Drive.start(journey);
    const waiting = state.tokens.flatMap(({ waits }) => waits).find(({ kind }) => kind === 'timer');
    const after = advance(definition, state, { kind: 'timer-due', at: 0, timerId: waiting!.id }).state;
    const untouched = state.tokens.find(({ elementId }) => elementId === 'a');
    expect(after.tokens).toContain(untouched);
    expect(after.scopes[0]).toBe(state.scopes[0]);
  });

  it('treats ids and variables such as __proto__ as strings like any other', async () => {
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="constructor" /><bpmn:userTask id="__proto__" /><bpmn:userTask id="toString" />`, [
        'hasOwnProperty: constructor -> __proto__',
        'valueOf: __proto__ -> toString',
      ]),
      JSON.parse('{ "__proto__": 1, "constructor": 2 }') as Record<string, number>,
    );
    expect(drive.waitingAt).toEqual(['__proto__']);
    drive.complete('__proto__', JSON.parse('{ "__proto__": { "polluted": true }, "toString": 3 }') as object as never);
    expect(drive.waitingAt).toEqual(['toString']);
    expect(JSON.stringify(drive.variables)).toBe('{"__proto__":{"polluted":true},"constructor":2,"toString":3}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps the state of a journey of ten nodes below a kilobyte', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `Activity_0abcd${index}`);
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${names.map((name) => `<bpmn:userTask id="${name}" />`).join('')}`,
        names.map((name, index) => `Flow_${index}: ${names[index - 1] ?? 's'} -> ${name}`),
      ),
      { plan: 'yearly', amount: 120 },
    );
    for (const name of names.slice(0, -1)) drive.complete(name, { step: name });
    expect(JSON.stringify(drive.state).length).toBeLessThan(1_000);
  });
});

describe('a long way', () => {
  it('of 5,000 tasks in a row is gone in one step, without recursion', async () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${ids.map((id) => `<bpmn:task id="${id}" />`).join('')}`,
        ids.map((id, index) => `f${index}: ${ids[index - 1] ?? 's'} -> ${id}`),
      ),
    );
    expect(drive.status).toBe('completed');
    expect(drive.passed).toHaveLength(5_001);
  });
});

describe('a loop without a wait', () => {
  const endless = bpmn(
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" default="f4" /><bpmn:task id="a" /><bpmn:endEvent id="e" />`,
    ['f1: s -> x', 'f2: x -> a if again', 'f3: a -> x', 'f4: x -> e'],
  );

  it('stops at the bound of a step with an incident, and goes on after a retry', async () => {
    const drive = await Drive.start(endless, { again: true });
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.state.entries).toBe(50_000);
    drive.resolve({ action: 'retry' }, { again: false });
    expect(drive.status).toBe('completed');
  });

  it('stops all of its tokens under one incident, and lets all of them go on', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="fork" /><bpmn:exclusiveGateway id="x" default="f4" /><bpmn:task id="a" />
         <bpmn:exclusiveGateway id="y" default="f8" /><bpmn:task id="b" /><bpmn:endEvent id="e" />`,
        [
          'f1: s -> fork',
          'f0: fork -> x',
          'f2: x -> a if again',
          'f3: a -> x',
          'f4: x -> e',
          'f5: fork -> y',
          'f6: y -> b if again',
          'f7: b -> y',
          'f8: y -> e',
        ],
      ),
      { again: true },
    );
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.view.tokens).toHaveLength(2);
    drive.resolve({ action: 'retry' }, { again: false });
    expect(drive.status).toBe('completed');
  });

  it('that asks at every turn stops too, over all answers of the step', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" default="f4" /><bpmn:task id="a" /><bpmn:endEvent id="e" />`,
        ['f1: s -> x', 'f2: x -> a if segment("vip")', 'f3: a -> x', 'f4: x -> e'],
      ),
      {},
      () => ({ vip: true }),
    );
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.all('ask').length).toBeLessThanOrEqual(1_000);
  });

  it('that forks at every turn stops at the bound of tokens or of entries', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:task id="a" />', ['f1: s -> a', 'f2: a -> a', 'f3: a -> a']),
    );
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.view.tokens.length).toBeLessThanOrEqual(20_001);
    drive.cancel();
    expect(drive.status).toBe('cancelled');
  });
});

describe('a replay', () => {
  it('of the inputs gives the same state', async () => {
    const xml = bpmn(`<bpmn:startEvent id="s" />${wait('w')}<bpmn:userTask id="a" />`, ['f1: s -> w', 'f2: w -> a']);
    const drive = (await Drive.start(xml, { n: 1 })).timer('w').complete('a', { n: 2 });
    const definition = await compileOne(xml);
    const replayed = drive.inputs.reduce(
      (state, input) => advance(definition, state, input).state,
      createInstance({ instanceId: 'i1', subjectId: 'ada' }),
    );
    expect(replayed).toEqual(drive.state);
  });
});
