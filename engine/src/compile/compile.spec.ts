import { readdirSync, readFileSync } from 'node:fs';
import { taskCatalog } from '@xflow/schemas';
import fc from 'fast-check';
import { bpmn, error, extensions, flow, job, message, onError, onMessage, timer } from '../../test/bpmn.js';
import { inARow } from '../../test/findings.js';
import type { Definition } from '../definition.js';
import type { EvaluationContext } from '../expression.js';
import type { TaskSpec } from '../task-spec.js';
import { compile } from './compile.js';

const read = (name: string): string => readFileSync(new URL(`../../test/diagrams/${name}`, import.meta.url), 'utf8');
const context: EvaluationContext = { at: Date.UTC(2026, 0, 5), seed: 'seed', variables: {} };

async function compileOne(xml: string): Promise<Definition> {
  const result = await compile(xml);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  const [definition, ...others] = result.definitions;
  if (!definition || others.length > 0) throw new Error('Expected one definition.');
  return definition;
}

/** The task of the element with the id `it`. */
async function taskOf(xml: string): Promise<TaskSpec> {
  const node = (await compileOne(xml)).nodes.get('it');
  if (node?.type !== 'service-task') throw new Error(`Expected a service task, and got ${node?.type ?? 'nothing'}.`);
  return node.task;
}

const types = ({ nodes }: Definition): Record<string, string> =>
  Object.fromEntries([...nodes.values()].map(({ id, type }) => [id, type]));

const task = (work: string, tag = 'serviceTask'): string =>
  inARow(`<bpmn:${tag} id="it">${extensions(work)}</bpmn:${tag}>`);
const config = ({ config: template }: TaskSpec, more: Partial<EvaluationContext> = {}) =>
  template.evaluate({ ...context, ...more });

describe('compile', () => {
  it('turns a lifecycle journey into a graph', async () => {
    const definition = await compileOne(read('vip-journey.bpmn'));
    expect(types(definition)).toEqual({
      Start: 'none-start-event',
      CheckVip: 'service-task',
      IsVip: 'exclusive-gateway',
      Thank: 'send-task',
      WaitADay: 'timer-catch-event',
      Upgrade: 'service-task',
      End: 'none-end-event',
    });
    expect(definition).toMatchObject({
      key: 'VipJourney',
      name: 'VIP journey',
      lifecycle: { stage: 'Retention' },
      frequencyCap: { max: 3, window: 604_800_000 },
      startEvents: [{ kind: 'none', id: 'Start' }],
      references: {
        segments: [{ name: 'vip', elementId: 'CheckVip' }],
        ladders: [{ name: 'gold', elementId: 'Upgrade' }],
        templates: [{ name: 'thank-you', elementId: 'Thank' }],
        taskTypes: [
          { name: 'segment-check', elementId: 'CheckVip' },
          { name: 'send-email', elementId: 'Thank' },
          { name: 'tier-upgrade', elementId: 'Upgrade' },
        ],
        calledWorkflows: [],
        decisions: [],
      },
    });
    expect(
      definition.nodes.get('IsVip')?.outgoing.map(({ id, isDefault, target }) => [id, isDefault, target.id]),
    ).toEqual([
      ['Yes', false, 'Thank'],
      ['No', true, 'End'],
    ]);
  });

  it('freezes the graph', async () => {
    const { root, nodes, flows } = await compileOne(read('vip-journey.bpmn'));
    for (const part of [root, root.nodes, ...nodes.values(), ...flows.values()])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('reads the xflow language under its other namespace, and whatever the prefix', async () => {
    const foreign = read('vip-journey.bpmn')
      .replace('urn:xflow:bpmn:1.0', 'http://example.com/bpmn/xflow-extension')
      .replaceAll('xflow:', 'x:');
    expect(types(await compileOne(foreign.replaceAll('xmlns:xflow', 'xmlns:x')))).toEqual(
      types(await compileOne(read('vip-journey.bpmn'))),
    );
  });

  it('reads text whatever encoding its declaration names, because it is decoded already', async () => {
    const latin = bpmn('<bpmn:startEvent id="s" name="Änderung" />').replace('UTF-8', 'ISO-8859-1');
    expect((await compileOne(latin)).nodes.get('s')?.name).toBe('Änderung');
  });

  it('nests subprocesses, and attaches boundary events', async () => {
    const definition = await compileOne(
      bpmn(
        inARow(
          `<bpmn:subProcess id="it"><bpmn:startEvent id="inner" /><bpmn:task id="work" />${flow('f: inner -> work')}</bpmn:subProcess>`,
        ) +
          `<bpmn:boundaryEvent id="late" attachedToRef="it" cancelActivity="false">${timer('P1D')}</bpmn:boundaryEvent>
           <bpmn:boundaryEvent id="paid" attachedToRef="it">${onMessage('paid')}</bpmn:boundaryEvent>
           <bpmn:boundaryEvent id="failed" attachedToRef="it">${onError('lost')}</bpmn:boundaryEvent>`,
        ['f1: late -> end', 'f2: paid -> end', 'f3: failed -> end'],
        message('paid') + error('lost'),
      ),
    );
    const sub = definition.nodes.get('it');
    expect(
      sub?.type === 'subprocess' && [sub.scope.id, sub.scope.noneStarts[0]?.id, sub.scope.nodes.map(({ id }) => id)],
    ).toEqual(['it', 'inner', ['inner', 'work']]);
    expect(definition.nodes.get('work')?.scopeId).toBe('it');
    expect(
      sub?.boundaryEvents.map(({ id, attachedTo, interrupting, trigger }) => [
        id,
        attachedTo,
        interrupting,
        trigger.kind,
      ]),
    ).toEqual([
      ['late', 'it', false, 'timer'],
      ['paid', 'it', true, 'message'],
      ['failed', 'it', true, 'error'],
    ]);
  });

  it('takes ids such as __proto__ for the strings they are', async () => {
    const definition = await compileOne(
      bpmn('<bpmn:startEvent id="__proto__" /><bpmn:task id="constructor" /><bpmn:endEvent id="toString" />', [
        'valueOf: __proto__ -> constructor',
        'hasOwnProperty: constructor -> toString',
      ]),
    );
    expect([...definition.nodes.keys()]).toEqual(['__proto__', 'constructor', 'toString']);
    expect(definition.root.noneStarts[0]?.outgoing[0]?.target.id).toBe('constructor');
  });

  it('gives one definition for each process that is marked as executable', async () => {
    const process = (id: string, executable: boolean): string =>
      `<bpmn:process id="${id}" isExecutable="${String(executable)}"><bpmn:task id="${id}-task" /></bpmn:process>`;
    const result = await compile(
      bpmn(inARow('<bpmn:task id="it" />'), [], process('second', true) + process('third', false)),
    );
    expect(result.ok && result.definitions.map(({ key }) => key)).toEqual(['second', 'journey']);
  });

  it('compiles a chain of 10,000 tasks', async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    const flows = ids.slice(1).map((id, index) => `f${index}: t${index} -> ${id}`);
    const definition = await compileOne(bpmn(ids.map((id) => `<bpmn:task id="${id}" />`).join(''), flows));
    expect([definition.nodes.size, definition.root.implicitStarts.map(({ id }) => id)]).toEqual([10_000, ['t0']]);
  });
});

describe('work', () => {
  it('converts literals to what the schema of the task type asks for, and adds its defaults', async () => {
    const tag = await taskOf(bpmn(task('<xflow:tag add="new, vip" />')));
    expect(config(tag)).toEqual({ ok: true, value: { add: ['new', 'vip'] } });
    const upgrade = await taskOf(bpmn(task('<xflow:tierUpgrade ladder="gold" />')));
    expect(config(upgrade)).toEqual({ ok: true, value: { ladder: 'gold', mode: 'upgrade' } });
    expect(upgrade).toMatchObject({ taskType: 'tier-upgrade', kind: 'answer', resultVariable: 'tierUpgrade' });
  });

  it('evaluates expressions in a configuration, and checks what comes out', async () => {
    const node = await taskOf(bpmn(task('<xflow:segmentCheck segment="=name" resultVariable="isIn" />')));
    expect(config(node, { variables: { name: 'vip' } })).toEqual({ ok: true, value: { segment: 'vip' } });
    expect(node.resultVariable).toBe('isIn');
    expect(node.validateConfig({ segment: 'vip' })).toEqual([]);
    expect(node.validateConfig({ segment: 3 })).toEqual([
      'The configuration of segment-check is wrong at "segment": Instance type "number" is invalid. Expected "string".',
    ]);
  });

  it('sets attributes to constants and expressions', async () => {
    const work =
      '<xflow:updateProfile><xflow:set name="plan" value="pro" /><xflow:set name="spend" value="=user.attributes.spend + 1" /></xflow:updateProfile>';
    const spec = await taskOf(bpmn(task(work)));
    expect(spec.config.needs.profile).toBe(true);
    expect(config(spec, { user: { attributes: { spend: 2 } } })).toEqual({
      ok: true,
      value: { set: { plan: 'pro', spend: 3 } },
    });
  });

  it('keeps entries that an open schema does not know as inputs, and maps results to outputs', async () => {
    const types = {
      ...taskCatalog,
      score: {
        type: 'score',
        kind: 'answer' as const,
        title: '',
        description: '',
        schema: { type: 'object', properties: { limit: { type: 'integer' } } },
      },
    };
    const work =
      '<xflow:task type="score"><xflow:input name="limit" value="5" /><xflow:input name="amount" value="=amount" /><xflow:output name="score" value="=result.value" /></xflow:task>';
    const result = await compile(bpmn(task(work)), { taskTypes: types });
    const node = result.ok ? result.definitions[0]?.nodes.get('it') : undefined;
    if (node?.type !== 'service-task') throw new Error('Expected a service task.');
    expect(config(node.task)).toEqual({ ok: true, value: { limit: 5 } });
    expect(node.task.input.evaluate({ ...context, variables: { amount: 7 } })).toEqual({
      ok: true,
      value: { amount: 7 },
    });
    expect(node.task.outputs[0]?.value.evaluate({ ...context, locals: { result: { value: 1 } } })).toEqual({
      ok: true,
      value: 1,
    });
  });

  it('sends messages by tasks and by events', async () => {
    const work = extensions('<xflow:message channel="email" template="hello" to="=user.attributes.email" />');
    const definition = await compileOne(
      bpmn(
        inARow(
          `<bpmn:intermediateThrowEvent id="it">${work}<bpmn:messageEventDefinition /></bpmn:intermediateThrowEvent>`,
        ) +
          `<bpmn:sendTask id="task">${work}</bpmn:sendTask><bpmn:endEvent id="last">${work}<bpmn:messageEventDefinition /></bpmn:endEvent>`,
      ),
    );
    expect(types(definition)).toMatchObject({
      it: 'message-throw-event',
      task: 'send-task',
      last: 'message-end-event',
    });
    expect(definition.nodes.get('it')).toMatchObject({
      channel: 'email',
      task: { taskType: 'send-email', kind: 'job', resultVariable: 'message' },
    });
  });

  it('takes the task types from the options', async () => {
    expect((await compile(bpmn(inARow(job('it'))))).ok).toBe(false);
  });
});

describe('files of other modelers', () => {
  it('deploys what bpmn.io exports, with warnings', async () => {
    const result = await compile(read('bpmn-io.bpmn'));
    expect([result.ok, result.problems.map(({ rule, level }) => [rule, level])]).toEqual([
      true,
      [
        ['not-executable', 'warning'],
        ['sequence-flow-condition', 'warning'],
        ['missing-work', 'warning'],
      ],
    ]);
  });

  it('understands zeebe extensions', async () => {
    const definition = await compileOne(read('camunda-8.bpmn'));
    const charge = definition.nodes.get('Charge');
    if (charge?.type !== 'service-task') throw new Error('Expected a service task.');
    expect([charge.task.taskType, charge.task.kind, config(charge.task)]).toEqual([
      'charge-card',
      'job',
      { ok: true, value: { currency: 'EUR' } },
    ]);
    expect(charge.task.input.evaluate({ ...context, variables: { order: { total: 5 } } })).toEqual({
      ok: true,
      value: { amount: 5 },
    });
    expect(charge.task.outputs[0]?.value.evaluate({ ...context, locals: { result: { paymentId: 'p1' } } })).toEqual({
      ok: true,
      value: 'p1',
    });
    expect(definition.nodes.get('AwaitDelivery')).toMatchObject({
      messageName: 'delivered',
      correlationKey: { source: 'order.id' },
    });
    expect(definition.nodes.get('Score')).toMatchObject({ type: 'script-task', resultVariable: 'score' });
    expect(definition.nodes.get('Thank')).toMatchObject({ calledWorkflow: 'ThankYou' });
    expect(definition.nodes.get('CallCustomer')).toMatchObject({
      candidateUsers: ['demo'],
      candidateGroups: ['sales', 'support'],
      form: { key: 'call' },
    });
  });

  it('understands camunda extensions', async () => {
    const definition = await compileOne(read('camunda-7.bpmn'));
    const charge = definition.nodes.get('Charge');
    expect(charge?.type === 'service-task' && [charge.task.taskType, charge.task.mergesResult]).toEqual([
      'charge-card',
      true,
    ]);
    expect(charge?.type === 'service-task' && charge.task.input.evaluate({ ...context, variables: { a: 1 } })).toEqual({
      ok: true,
      value: { a: 1 },
    });
    expect(definition.nodes.get('Pay')).toMatchObject({
      calledWorkflow: 'Payment',
      inputs: [{ name: 'sum' }],
      passesAll: false,
      returnsAll: true,
    });
    expect(definition.nodes.get('Approved')?.outgoing.map(({ condition }) => condition?.source)).toEqual([
      'approved',
      'amount >= 1000',
    ]);
  });
});

describe('bad input', () => {
  const badFiles = readdirSync(new URL('../../test/diagrams/bad/', import.meta.url));

  it.each(badFiles)('%s is refused, with whole sentences', async (name) => {
    const result = await compile(read(`bad/${name}`));
    expect(result.ok).toBe(false);
    for (const { message: text, remedy } of result.problems)
      expect([text, remedy].every((sentence) => /^[A-Z<"].*\.$/s.test(sentence))).toBe(true);
  });

  it('tells all mistakes at once, each once', async () => {
    const { problems } = await compile(read('bad/many-mistakes.bpmn'));
    expect(problems.filter(({ level }) => level === 'error').map(({ rule, elementId }) => [rule, elementId])).toEqual([
      ['unique-ids', 'Start'],
      ['references', 'Dangling'],
      ['unsupported-element', 'Signal'],
      ['task-type', 'Mystery'],
      ['task-config', 'Mail'],
      ['expression', 'Back'],
      ['timer', 'Wait'],
    ]);
  });

  it.each(['get', 'hasOwnProperty', 'constructor'])('reads extensions with an attribute named %s', async (name) => {
    const work = extensions(
      `<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="x" ${name}="y" />`,
    );
    const { ok } = await compile(bpmn(inARow(`<bpmn:serviceTask id="it">${work}</bpmn:serviceTask>`)));
    expect(ok).toBe(true);
  });

  it('stops counting mistakes of the same kind', async () => {
    const { problems } = await compile(bpmn('<bpmn:bogus />'.repeat(20_000)));
    expect(problems).toHaveLength(50);
  });

  it('bounds the expressions of a file', async () => {
    const flows = Array.from({ length: 100 }, (_, index) => `f${index}: start -> it if name = "${'x'.repeat(4_000)}"`);
    const { problems } = await compile(bpmn(inARow('<bpmn:task id="it" />'), flows));
    expect(problems.map(({ message: text }) => text).join()).toContain(
      'The file has more than 100000 characters of expressions, those with mistakes counted 10 times.',
    );
  });

  it('gives a verdict on any mutation of a diagram, and never throws', async () => {
    const diagrams = ['vip-journey.bpmn', 'camunda-8.bpmn', 'camunda-7.bpmn'].map(read);
    const pieces = diagrams.flatMap((xml) => xml.split(/(?<=>)|(?=[" ])/));
    const mutation = fc.record({ at: fc.nat(10_000), remove: fc.nat(30), insert: fc.constantFrom('', ...pieces) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...diagrams),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (xml, mutations) => {
          const parts = xml.split(/(?<=>)|(?=[" ])/);
          for (const { at, remove, insert } of mutations) parts.splice(at % parts.length, remove % 3, insert);
          const result = await compile(parts.join(''));
          expect(result.ok ? result.definitions.length > 0 : result.problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
