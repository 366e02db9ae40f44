import {
  bpmn,
  compileOne,
  cycle,
  error,
  escalation,
  extensions,
  flow,
  job,
  message,
  onCondition,
  onError,
  onEscalation,
  onMessage,
  timer,
} from '../../test/bpmn.js';
import { arbitraryGraph } from '../../test/random/arbitrary-graph.js';
import { Dice } from '../../test/random/dice.js';
import { randomProcess } from '../../test/random/random-process.js';
import { analyse, type Analysis } from './analyse.js';
import { describeStep } from './trace.js';

async function analysed(xml: string, maxStates?: number): Promise<Analysis> {
  return analyse(await compileOne(xml), maxStates === undefined ? {} : { maxStates });
}
const told = ({ findings }: Analysis) =>
  findings.map(({ rule, level, elementId, trace }) => [rule, level, elementId, trace.map(describeStep).join('; ')]);

const tasks = (...ids: string[]) => ids.map((id) => `<bpmn:userTask id="${id}" />`).join('');
const ends = '<bpmn:endEvent id="e" />';
const start = '<bpmn:startEvent id="s" />';

describe('analyse', () => {
  it('finds nothing in a sound process, and says that it has seen all of it', async () => {
    const sound = await analysed(
      bpmn(
        `${start}<bpmn:parallelGateway id="fork" />${tasks('a', 'b')}<bpmn:parallelGateway id="join" />
         <bpmn:inclusiveGateway id="or" default="none" />${tasks('c', 'd')}<bpmn:inclusiveGateway id="meet" />${ends}`,
        [
          'f1: s -> fork',
          'f2: fork -> a',
          'f3: fork -> b',
          'f4: a -> join',
          'f5: b -> join',
          'f6: join -> or',
          'f7: or -> c if x',
          'f8: or -> d if y',
          'none: or -> meet',
          'f9: c -> meet',
          'f10: d -> meet',
          'f11: meet -> e',
        ],
      ),
    );
    expect(sound).toMatchObject({ findings: [], complete: true, limits: [] });
    expect(sound.states).toBeGreaterThan(8);
  });

  it('finds a join that can never be complete, with the way to it', async () => {
    const xml = bpmn(
      `${start}<bpmn:exclusiveGateway id="x" default="f3" />${tasks('a', 'b')}<bpmn:parallelGateway id="join" />${ends}`,
      ['f1: s -> x', 'f2: x -> a if big', 'f3: x -> b', 'f4: a -> join', 'f5: b -> join', 'f6: join -> e'],
    );
    const analysis = await analysed(xml);
    expect(told(analysis)).toEqual([
      ['join-never-complete', 'error', 'join', 'start s; choose f2 at x; complete a'],
      ['end-never-reached', 'warning', 'e', ''],
    ]);
    expect(analysis.findings[0]?.trace.at(-1)?.path).toEqual(['f4']);
  });

  it('finds a deadlock that only some choices lead to', async () => {
    const xml = bpmn(
      `${start}<bpmn:inclusiveGateway id="or" default="f2" />${tasks('a', 'b')}<bpmn:parallelGateway id="join" />${ends}`,
      [
        'f1: s -> or',
        'f2: or -> a',
        'f3: or -> b if big',
        'f3b: or -> a if small',
        'f4: a -> join',
        'f5: b -> join',
        'f6: join -> e',
      ],
    );
    const analysis = await analysed(xml);
    expect(analysis.findings.map(({ rule, elementId }) => [rule, elementId])).toContainEqual(['deadlock', 'join']);
    expect(analysis.findings[0]?.message).toContain('can get stuck');
  });

  it('finds more than one token where one is meant', async () => {
    const xml = bpmn(
      `${start}<bpmn:parallelGateway id="fork" />${tasks('a', 'b', 'after')}<bpmn:exclusiveGateway id="merge" />${ends}`,
      [
        'f1: s -> fork',
        'f2: fork -> a',
        'f3: fork -> b',
        'f4: a -> merge',
        'f5: b -> merge',
        'f6: merge -> after',
        'f7: after -> e',
      ],
    );
    expect(told(await analysed(xml))).toEqual([
      ['more-than-one-token', 'warning', 'after', 'start s; complete a; complete b'],
    ]);
  });

  it('finds a loop that waits for nothing, with a way out or without', async () => {
    const withExit = bpmn(
      `${start}<bpmn:exclusiveGateway id="x" /><bpmn:task id="work" /><bpmn:exclusiveGateway id="y" default="out" />${ends}`,
      ['f1: s -> x', 'f2: x -> work', 'f3: work -> y', 'back: y -> x if again', 'out: y -> e'],
    );
    expect(told(await analysed(withExit))).toEqual([
      ['loop-without-wait', 'warning', 'y', 'start s; complete work; choose back at y'],
    ]);
    const without = bpmn(`${start}<bpmn:exclusiveGateway id="x" /><bpmn:intermediateThrowEvent id="work" />`, [
      'f1: s -> x',
      'f2: x -> work',
      'f3: work -> x',
    ]);
    const endless = await analysed(without);
    expect(endless.findings).toMatchObject([{ rule: 'loop-without-wait', level: 'error' }]);
    expect(endless.complete).toBe(false);
  });

  it('allows loops that wait', async () => {
    const xml = bpmn(
      `${start}<bpmn:exclusiveGateway id="x" /><bpmn:intermediateCatchEvent id="wait">${timer('P1D')}</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="y" default="out" />${job('ask')}${ends}`,
      ['f1: s -> x', 'f2: x -> wait', 'f3: wait -> y', 'f4: y -> ask if again', 'back: ask -> x', 'out: y -> e'],
    );
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
  });

  it('finds an end that can never be reached', async () => {
    const xml = bpmn(`${start}<bpmn:exclusiveGateway id="x" />${tasks('a')}`, [
      'f1: s -> x',
      'f2: x -> a',
      'f3: a -> x',
    ]);
    expect(told(await analysed(xml))).toEqual([['end-never-reached', 'error', 'a', 'start s']]);
  });

  it('follows boundary events, errors, subprocesses and event-based gateways', async () => {
    const xml = bpmn(
      `${start}<bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />${job('pay')}<bpmn:endEvent id="e2" />${flow('g1: s2 -> pay')}${flow('g2: pay -> e2')}</bpmn:subProcess>
       <bpmn:boundaryEvent id="refused" attachedToRef="sub">${onError('no')}</bpmn:boundaryEvent>
       <bpmn:boundaryEvent id="remind" attachedToRef="sub" cancelActivity="false">${cycle('R/P1D')}</bpmn:boundaryEvent>
       <bpmn:eventBasedGateway id="g" /><bpmn:intermediateCatchEvent id="late">${timer('P1D')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="paid">${onMessage('paid')}</bpmn:intermediateCatchEvent>
       ${tasks('mail')}<bpmn:endEvent id="e" /><bpmn:endEvent id="e3" /><bpmn:endEvent id="e4" />`,
      [
        'f1: s -> sub',
        'f2: sub -> e',
        'f3: refused -> g',
        'f4: g -> late',
        'f5: g -> paid',
        'f6: late -> e3',
        'f7: paid -> e3',
        'f8: remind -> mail',
        'f9: mail -> e4',
      ],
      message('paid') + error('no'),
    );
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
  });

  it('makes no claim beyond its bound', async () => {
    const wide = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const xml = bpmn(
      `${start}<bpmn:parallelGateway id="fork" />${tasks(...wide)}<bpmn:parallelGateway id="join" />${ends}`,
      ['f1: s -> fork', ...wide.flatMap((id) => [`a${id}: fork -> ${id}`, `b${id}: ${id} -> join`]), 'f2: join -> e'],
    );
    const bounded = await analysed(xml, 100);
    expect(bounded).toMatchObject({ findings: [], states: 100, complete: false });
    expect(bounded.limits).toEqual([expect.stringContaining('bound of 100 states')]);
  });

  it('follows links', async () => {
    const link = '<bpmn:linkEventDefinition name="on" />';
    const xml = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="a">${link}</bpmn:intermediateThrowEvent>
       <bpmn:intermediateCatchEvent id="b">${link}</bpmn:intermediateCatchEvent><bpmn:userTask id="t" />${ends}`,
      ['f1: s -> a', 'f2: b -> t', 'f3: t -> e'],
    );
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
  });

  it('takes any id, and work of every kind', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="constructor" /><bpmn:exclusiveGateway id="__proto__" default="toString" /><bpmn:serviceTask id="tag">${extensions('<xflow:tag add="x" />')}</bpmn:serviceTask>
       <bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hi" />')}</bpmn:sendTask><bpmn:callActivity id="call" calledElement="other" />${ends}`,
      [
        'f1: constructor -> __proto__',
        'valueOf: __proto__ -> tag if big',
        'toString: __proto__ -> mail',
        'f2: tag -> call',
        'f3: mail -> call',
        'f4: call -> e',
      ],
    );
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
  });

  it('runs a multi-instance activity not at all, once, and twice, in any order of its ends', async () => {
    const many = (content: string) =>
      `<bpmn:subProcess id="sub"><bpmn:multiInstanceLoopCharacteristics>${content}</bpmn:multiInstanceLoopCharacteristics><bpmn:startEvent id="s2" />${tasks('a', 'b')}
       <bpmn:parallelGateway id="fork" /><bpmn:exclusiveGateway id="x" default="g4" /><bpmn:parallelGateway id="join" /><bpmn:endEvent id="e2" />
       ${['g1: s2 -> fork', 'g2: fork -> a', 'g3: fork -> x', 'g4: x -> join', 'g5: x -> b if odd', 'g6: a -> join', 'g7: join -> e2'].map(flow).join('')}</bpmn:subProcess>`;
    const around = (content: string) => bpmn(start + many(content) + ends, ['f1: s -> sub', 'f2: sub -> e']);
    const any = await analysed(around('<bpmn:loopCardinality>=n</bpmn:loopCardinality>'));
    expect(any.complete).toBe(true);
    expect(told(any)).toEqual([
      ['deadlock', 'error', 'join', 'start s; 1 runs of sub; choose g5 at x; complete a; complete b'],
    ]);
    const two = await analysed(around('<bpmn:loopCardinality>5</bpmn:loopCardinality>'));
    expect(two.findings[0]?.trace.map(describeStep)[0]).toBe('start s');
    expect(two.states).toBeLessThan(any.states);
    const none = await analysed(around('<bpmn:loopCardinality>0</bpmn:loopCardinality>'));
    expect(none.findings.map(({ rule }) => rule)).not.toContain('deadlock');
    expect(none.findings.map(({ elementId }) => elementId)).toContain('a');
  });

  it('ends runs early where a completion condition may hold, and repeats loops as often as it likes', async () => {
    const condition = '<bpmn:completionCondition>=done</bpmn:completionCondition>';
    const xml = bpmn(
      `${start}<bpmn:userTask id="some"><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality>${condition}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
       <bpmn:userTask id="again"><bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>=more</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:userTask>${ends}`,
      ['f1: s -> some', 'f2: some -> again', 'f3: again -> e'],
    );
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
  });

  it('asks for the activities of an ad-hoc subprocess in any order, and completes it when it may', async () => {
    const adHoc = (content: string, condition = '=enough') =>
      bpmn(
        `${start}<bpmn:adHocSubProcess id="any">${content}<bpmn:completionCondition>${condition}</bpmn:completionCondition></bpmn:adHocSubProcess>${ends}`,
        ['f1: s -> any', 'f2: any -> e'],
      );
    expect(await analysed(adHoc(tasks('a', 'b', 'c') + flow('g: a -> c')))).toMatchObject({
      findings: [],
      complete: true,
    });
    const joined = `${tasks('a', 'b')}<bpmn:parallelGateway id="join" />${tasks('c')}${['g1: a -> join', 'g2: b -> join', 'g3: join -> c'].map(flow).join('')}`;
    expect(await analysed(adHoc(joined))).toMatchObject({ findings: [], complete: true });
  });

  it('lets called instances end well, with errors and with escalations that are caught around them', async () => {
    const xml = bpmn(
      `${start}<bpmn:callActivity id="call" calledElement="other" /><bpmn:boundaryEvent id="told" attachedToRef="call" cancelActivity="false">${onEscalation('late')}</bpmn:boundaryEvent>
       <bpmn:boundaryEvent id="failed" attachedToRef="call">${onError('no')}</bpmn:boundaryEvent>${tasks('a', 'b')}${ends}
       <bpmn:subProcess id="handler" triggeredByEvent="true"><bpmn:startEvent id="hs">${onError('worse')}</bpmn:startEvent>${tasks('h')}${flow('h1: hs -> h')}</bpmn:subProcess>`,
      ['f1: s -> call', 'f2: call -> e', 'f3: told -> a', 'f4: failed -> b', 'f5: a -> e', 'f6: b -> e'],
      error('no') + error('worse') + escalation('late'),
    );
    const analysis = await analysed(xml);
    expect(analysis).toMatchObject({ findings: [], complete: true });
  });

  it('takes conditions, compensation and the quantities of tokens for what they are', async () => {
    const xml = bpmn(
      `${start}<bpmn:intermediateCatchEvent id="ripe">${onCondition('x > 1')}</bpmn:intermediateCatchEvent><bpmn:userTask id="a" completionQuantity="2" /><bpmn:userTask id="b" startQuantity="2" />
       <bpmn:boundaryEvent id="undo" attachedToRef="b"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:userTask id="undone" isForCompensation="true" />
       <bpmn:endEvent id="e"><bpmn:compensateEventDefinition /></bpmn:endEvent>`,
      ['f1: s -> ripe', 'f2: ripe -> a', 'f3: a -> b', 'f4: b -> e'],
    ).replace('</bpmn:process>', '<bpmn:association id="as" sourceRef="undo" targetRef="undone" /></bpmn:process>');
    expect(await analysed(xml)).toMatchObject({ findings: [], complete: true });
    const gathering = bpmn(`${start}<bpmn:userTask id="b" startQuantity="2" />${ends}`, ['f1: s -> b', 'f2: b -> e']);
    expect((await analysed(gathering)).findings[0]).toMatchObject({ level: 'error', elementId: 'b' });
  });

  it('activates complex gateways when their condition says so, and resets them', async () => {
    const twoOf = (condition: string) =>
      bpmn(
        `${start}<bpmn:parallelGateway id="fork" />${tasks('a', 'b', 'c', 'after')}<bpmn:complexGateway id="two"><bpmn:activationCondition xsi:type="bpmn:tFormalExpression">=${condition}</bpmn:activationCondition></bpmn:complexGateway>${ends}`,
        [
          'f1: s -> fork',
          ...['a', 'b', 'c'].flatMap((id) => [`x${id}: fork -> ${id}`, `y${id}: ${id} -> two`]),
          'f2: two -> after',
          'f3: after -> e',
        ],
      );
    expect(await analysed(twoOf('activationCount >= 2'))).toMatchObject({ findings: [], complete: true });
    expect((await analysed(twoOf('activationCount >= 4'))).findings[0]?.elementId).toBe('two');
  });

  it('gives up on large diagrams in good time, and says so', async () => {
    const wide = Array.from({ length: 300 }, (_, index) => `t${index}`);
    const xml = bpmn(
      `${start}<bpmn:parallelGateway id="fork" />${tasks(...wide)}<bpmn:parallelGateway id="join" />${ends}`,
      ['f1: s -> fork', ...wide.flatMap((id) => [`a${id}: fork -> ${id}`, `b${id}: ${id} -> join`]), 'f2: join -> e'],
    );
    const { complete, limits, states } = await analysed(xml);
    expect(complete).toBe(false);
    expect(states).toBeLessThan(10_000);
    expect(limits).toEqual([expect.stringContaining('the search was given up')]);
  });

  it.each(Array.from({ length: 12 }, (_, index) => `trace-${index}`))(
    'tells ways that can be played, from the start and along the flows: %s',
    async (seed) => {
      const definition = await compileOne(arbitraryGraph(new Dice(seed)));
      for (const { trace } of analyse(definition, { maxStates: 500 }).findings) {
        const entered = new Set<string>();
        for (const id of trace.flatMap(({ path }) => path)) {
          const taken = definition.flows.get(id);
          if (taken === undefined) entered.add(id);
          else expect([...entered]).toContain(taken.source.id);
        }
        expect(trace.length === 0 || trace[0]?.action === 'start').toBe(true);
      }
    },
  );

  it.each(['sound-1', 'sound-2', 'sound-3', 'sound-4', 'sound-5', 'sound-6'])(
    'finds no deadlock and no trap in processes that run to their end: %s',
    async (seed) => {
      const { findings } = await analysed(randomProcess(new Dice(seed)), 1_000);
      // Their loops are left by data, their subprocesses may hold what nothing leads to, and their boundary events make tokens.
      expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});
