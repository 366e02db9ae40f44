import { bpmn, compileOne, extensions, job, timer } from '../../test/bpmn.js';
import { Dice } from '../../test/random/dice.js';
import { play } from '../../test/random/play.js';
import { randomProcess } from '../../test/random/random-process.js';
import type { Definition } from '../definition.js';
import type { Effect } from '../effect.js';
import type { Input } from '../input.js';
import { createSimulation } from '../simulation/create-simulation.js';
import { diffBehaviour } from './diff-behaviour.js';
import { fork } from './fork.js';
import { historyOf, replay, type RecordedHistory } from './replay.js';

const journey = (changes: { readonly wait?: string; readonly ask?: string; readonly limit?: number } = {}) => {
  const { wait = 'P1D', ask = 'ask', limit = 10 } = changes;
  return compileOne(
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${timer(wait)}</bpmn:intermediateCatchEvent>
       <bpmn:serviceTask id="check">${extensions('<xflow:segmentCheck segment="vip" resultVariable="vip" />')}</bpmn:serviceTask>
       <bpmn:userTask id="${ask}" /><bpmn:exclusiveGateway id="x" default="small" />${job('gift')}<bpmn:endEvent id="e" />`,
      [
        'f1: s -> wait',
        'f2: wait -> check',
        `f3: check -> ${ask}`,
        `f4: ${ask} -> x`,
        `big: x -> gift if amount > ${limit}`,
        'small: x -> e',
        'f5: gift -> e',
      ],
    ),
  );
};

/** An instance that has come to its gift, and all that led there. */
async function recorded(definition: Definition): Promise<RecordedHistory> {
  const simulation = createSimulation({
    definitions: [definition],
    now: '2026-01-05T09:00:00Z',
    seed: 'travel',
    users: [{ id: 'ada', segments: ['vip'] }],
  });
  const id = simulation.start('journey', { user: 'ada', variables: { amount: 50 }, businessKey: 'order-7' });
  simulation.advanceBy('P1D');
  simulation.completeTask({ element: 'ask' });
  return historyOf(simulation.instance(id));
}

describe('replay', () => {
  it('gives the state after every step, and stops where it is told', async () => {
    const definition = await journey();
    const history = await recorded(definition);
    const steps = replay(definition, history);
    expect(steps.map(({ number, input, state }) => [number, input.kind, state.tokens[0]?.elementId])).toEqual([
      [1, 'start', 'wait'],
      [2, 'timer-due', 'check'],
      [3, 'answered', 'ask'],
      [4, 'task-completed', 'gift'],
    ]);
    expect(steps[3]?.state).toMatchObject({ businessKey: 'order-7', seed: 'travel:instance-1' });
    expect(replay(definition, history, { to: 2 })).toEqual(steps.slice(0, 2));
    expect(replay(definition, history, { to: 0 })).toEqual([]);
  });

  it('takes the rows of the server, which went through JSON and carry more', async () => {
    const definition = await journey();
    const { steps, ...instance } = await recorded(definition);
    const items = steps.map(({ input }, index) => ({ revision: index + 1, at: 'then', input, events: [] }));
    const rows = JSON.parse(JSON.stringify(items)) as { input: Input }[];
    expect(replay(definition, { ...instance, steps: rows })).toEqual(replay(definition, { ...instance, steps }));
  });

  it.each(['travel-1', 'travel-2', 'travel-3', 'travel-4'])('equals the run of a random process: %s', async (seed) => {
    const definition = await compileOne(randomProcess(new Dice(seed)));
    const { state, inputs } = play(definition, new Dice(`${seed}/run`));
    const history = { instanceId: 'i', subjectId: 'ada', steps: inputs.map((input) => ({ input })) };
    expect(replay(definition, history).at(-1)?.state).toEqual(state);
    // Nothing changes under the same definition.
    expect(diffBehaviour(definition, definition, [history])).toMatchObject([
      { fits: true, partsAt: null, changes: [] },
    ]);
  });
});

describe('fork', () => {
  it('goes on from any step with other inputs', async () => {
    const definition = await journey();
    const history = await recorded(definition);
    const taskId = replay(definition, history, { to: 3 })[2]!.state.tokens[0]!.waits[0]!.id;
    const at = Date.UTC(2026, 1, 1);
    const other = fork(definition, history, {
      at: 3,
      inputs: [{ kind: 'task-completed', at, taskId, result: { amount: 1 } }],
    });
    expect(other).toMatchObject({ ok: true, state: { status: 'completed' }, steps: [{ number: 4 }] });
  });

  it('goes on under another definition', async () => {
    const definition = await journey();
    const history = await recorded(definition);
    const { input } = history.steps[3]!;
    const other = fork(definition, history, { at: 3, newDefinition: await journey({ limit: 100 }), inputs: [input] });
    expect(other).toMatchObject({
      ok: true,
      state: { status: 'completed' },
      steps: [
        { number: 4, input: { kind: 'migrated', at: history.steps[2]!.input.at } },
        { number: 5, input: { kind: 'task-completed' } },
      ],
    });
    expect(fork(definition, history, { at: 0 })).toMatchObject({ ok: true, state: { scopes: [] }, steps: [] });
  });

  it('tells why a state has no place in another definition', async () => {
    const definition = await journey();
    const history = await recorded(definition);
    const newDefinition = await journey({ ask: 'question' });
    expect(fork(definition, history, { at: 3, newDefinition })).toEqual({
      ok: false,
      problems: ['The instance is busy with "ask", which the new version lacks.'],
    });
    expect(fork(definition, history, { at: 4, newDefinition })).toMatchObject({ ok: true });
  });

  it('asks what a migration asks, and does what it does', async () => {
    const waiting = (boundary: string, flows: readonly string[]) =>
      compileOne(
        bpmn(`<bpmn:startEvent id="s" /><bpmn:userTask id="a" />${boundary}<bpmn:endEvent id="e" />`, [
          'f1: s -> a',
          'f2: a -> e',
          ...flows,
        ]),
      );
    const timed = await waiting(
      `<bpmn:boundaryEvent id="late" attachedToRef="a">${timer('P1D')}</bpmn:boundaryEvent><bpmn:task id="remind" />`,
      ['f3: late -> remind'],
    );
    const history = { instanceId: 'i', subjectId: 'ada', steps: [{ input: { kind: 'start', at: 0 } as const }] };
    const patient = fork(timed, history, { at: 1, newDefinition: await waiting('', []) });
    expect(patient).toMatchObject({
      ok: true,
      steps: [{ number: 2, input: { kind: 'migrated' }, effects: [{ kind: 'cancel-timer' }] }],
    });

    const joined = (flow: string) =>
      compileOne(
        bpmn(
          '<bpmn:startEvent id="s" /><bpmn:parallelGateway id="p" /><bpmn:task id="a" /><bpmn:userTask id="b" /><bpmn:parallelGateway id="j" /><bpmn:endEvent id="e" />',
          ['f1: s -> p', 'f2: p -> a', 'f3: p -> b', flow, 'f5: b -> j', 'f6: j -> e'],
        ),
      );
    const before = await joined('f4: a -> j');
    expect(fork(before, history, { at: 1, newDefinition: await joined('f4: a -> e') })).toEqual({
      ok: false,
      problems: ['A token has come to join "j" by sequence flow "f4", and no flow of the new version stands for it.'],
    });
  });
});

describe('diffBehaviour', () => {
  const diff = async (changes: Parameters<typeof journey>[0]) => {
    const definition = await journey();
    const [found] = diffBehaviour(definition, await journey(changes), [await recorded(definition)]);
    return found!;
  };

  it('tells what changes for a history that still fits', async () => {
    expect(await diff({ limit: 100 })).toEqual({
      instanceId: 'instance-1',
      fits: true,
      misfit: null,
      partsAt: 4,
      changes: [
        {
          step: 4,
          lost: ['enters "gift"', 'has task "charge" done at "gift" with {}'],
          gained: ['enters "e"', 'ends: completed'],
        },
      ],
      before: { status: 'active', waitingAt: ['gift'] },
      after: { status: 'completed', waitingAt: [] },
    });
    expect(await diff({ wait: 'P2D' })).toMatchObject({
      fits: true,
      partsAt: 1,
      changes: [{ step: 1, gained: ['waits at "wait" until 2026-01-07T09:00:00.000Z'] }],
    });
  });

  it('tells where a history does not fit any more', async () => {
    expect(await diff({ ask: 'question' })).toMatchObject({
      fits: false,
      misfit: {
        step: 4,
        reason: 'Nothing waits for the task-completed at "ask" any more; the instance rests at "question".',
      },
      partsAt: 2,
      changes: [{ step: 2, lost: ['enters "ask"', expect.any(String)] }],
    });
  });

  it('does not take the answer of one decision for that of another', async () => {
    const deciding = (decision: string) =>
      compileOne(
        bpmn(
          `<bpmn:startEvent id="s" /><bpmn:businessRuleTask id="d">${extensions(`<xflow:decision ref="${decision}" resultVariable="tier" />`)}</bpmn:businessRuleTask><bpmn:endEvent id="e" />`,
          ['f1: s -> d', 'f2: d -> e'],
        ),
      );
    const before = await deciding('tier');
    const asked = replay(before, { instanceId: 'i', subjectId: 'ada', steps: [{ input: { kind: 'start', at: 0 } }] });
    const ask = asked[0]!.effects.find(({ kind }) => kind === 'ask') as Extract<Effect, { kind: 'ask' }>;
    const steps: { readonly input: Input }[] = [
      { input: { kind: 'start', at: 0 } },
      { input: { kind: 'answered', at: 0, questionId: ask.questionId, answer: { result: 'gold' } } },
    ];
    const history = { instanceId: 'i', subjectId: 'ada', steps };
    expect(diffBehaviour(before, await deciding('tier'), [history])).toMatchObject([{ fits: true, partsAt: null }]);
    expect(diffBehaviour(before, await deciding('rank'), [history])).toMatchObject([
      { misfit: { step: 1, reason: 'Element "d" asks for decision "rank" now, which the history does not answer.' } },
    ]);
  });

  it.each<[string, Input, string | null]>([
    ['variables set by hand', { kind: 'variables-set', at: 1, variables: { amount: 7 } }, null],
    [
      'a token moved by hand',
      { kind: 'modified', at: 1, activate: [{ elementId: 'ask' }], terminate: [{ elementId: 'wait' }] },
      'The tokens cannot be moved like this any more: ',
    ],
    [
      'a migration',
      { kind: 'migrated', at: 1, version: 2, elements: [], flows: [], opened: [] },
      'The instance was migrated',
    ],
  ])('follows %s as far as it can', async (_, input, reason) => {
    const steps: { readonly input: Input }[] = [{ input: { kind: 'start', at: 0 } }, { input }];
    const history = { instanceId: 'i', subjectId: 'ada', steps };
    const [found] = diffBehaviour(await journey(), await journey({ ask: 'question' }), [history]);
    expect(found).toMatchObject(
      reason === null
        ? { fits: true, partsAt: null }
        : { fits: false, misfit: { step: 2, reason: expect.stringContaining(reason) as string } },
    );
  });

  it('tells what the history cannot answer', async () => {
    const before = await compileOne(bpmn('<bpmn:startEvent id="s" /><bpmn:userTask id="a" />', ['f1: s -> a']));
    const after = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:serviceTask id="check">${extensions('<xflow:segmentCheck segment="vip" resultVariable="vip" />')}</bpmn:serviceTask><bpmn:userTask id="a" />`,
        ['f1: s -> check', 'f2: check -> a'],
      ),
    );
    const history = { instanceId: 'i', subjectId: 'ada', steps: [{ input: { kind: 'start', at: 0 } as const }] };
    expect(diffBehaviour(before, after, [history, history])[1]).toMatchObject({
      fits: false,
      misfit: {
        step: 1,
        reason:
          'Element "check" asks for the decision of task type "segment-check" now, which the history does not answer.',
      },
    });
  });
});
