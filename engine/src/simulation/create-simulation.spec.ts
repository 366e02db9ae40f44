import {
  bpmn,
  compileAll,
  compileOne,
  cycle,
  extensions,
  job,
  message,
  onCondition,
  onMessage,
  onSignal,
  signal,
  timer,
} from '../../test/bpmn.js';
import { createSimulation, type SimulationOptions } from './create-simulation.js';
import type { HandlerCall } from './handlers.js';
import { SimulationError } from './simulation-error.js';

const now = '2026-01-05T09:00:00Z';
const ada = { id: 'ada', attributes: { email: 'ada@customers.example' }, segments: ['vip'] };

async function simulate(xml: string, options: Partial<SimulationOptions> = {}) {
  return createSimulation({ definitions: await compileAll(xml), now, seed: 'test', users: [ada], ...options });
}

const waiting = bpmn(
  `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${timer('P3D')}</bpmn:intermediateCatchEvent>
   <bpmn:userTask id="ask" /><bpmn:endEvent id="e" />`,
  ['f1: s -> wait', 'f2: wait -> ask', 'f3: ask -> e'],
);

describe('the clock of a simulation', () => {
  it('moves only when told, and fires what is due on the way at its own time', async () => {
    const simulation = await simulate(waiting);
    const id = simulation.start('journey', { user: 'ada' });
    simulation.advanceBy('P2DT23H');
    expect(simulation.instance(id).waitingAt).toEqual(['wait']);
    simulation.advanceBy('P1D');
    expect(simulation.instance(id).waitingAt).toEqual(['ask']);
    expect(simulation.now).toBe(Date.UTC(2026, 0, 9, 8));
    expect(simulation.trace.find(({ event }) => event.kind === 'timer-fired')?.at).toBe('2026-01-08T09:00:00.000Z');
  });

  it('runs on for as long as anything is due', async () => {
    const simulation = await simulate(waiting);
    const id = simulation.start('journey', { user: 'ada' });
    simulation.runToRest();
    expect(simulation.instance(id).waitingAt).toEqual(['ask']);
  });

  it('does not run backwards', async () => {
    const simulation = await simulate(waiting);
    expect(() => simulation.advanceTo('2026-01-01T00:00:00Z')).toThrow(SimulationError);
  });

  it('gives up on what never comes to rest', async () => {
    const endless = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" /><bpmn:intermediateCatchEvent id="wait">${timer('PT1S')}</bpmn:intermediateCatchEvent>`,
      ['f1: s -> x', 'f2: x -> wait', 'f3: wait -> x'],
    );
    const simulation = await simulate(endless, { maxSteps: 500 });
    simulation.start('journey', { user: 'ada' });
    expect(() => simulation.runToRest()).toThrow('has not come to rest');
  });

  it('fires timer start events', async () => {
    const daily = bpmn(`<bpmn:startEvent id="s">${cycle('R3/P1D')}</bpmn:startEvent><bpmn:endEvent id="e" />`, [
      'f1: s -> e',
    ]);
    const simulation = await simulate(daily);
    simulation.advanceBy('P2D');
    expect(simulation.instances()).toHaveLength(2);
    simulation.runToRest();
    expect(simulation.instances().map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  });
});

describe('the work of a simulation', () => {
  const working = bpmn(
    `<bpmn:startEvent id="s" />${job('pay', '', 'resultVariable="receipt"')}<bpmn:endEvent id="e" />`,
    ['f1: s -> pay', 'f2: pay -> e'],
  );

  it('comes to what its handler says, a function or one outcome a call', async () => {
    const byFunction = await simulate(working, { handlers: { charge: ({ user }) => ({ result: user.id }) } });
    expect(byFunction.instance(byFunction.start('journey', { user: 'ada' })).variables).toEqual({ receipt: 'ada' });
    const byList = await simulate(working, { handlers: { charge: [{ result: 1 }, { result: 2 }] } });
    const receipts = [1, 2, 3].map(
      () => byList.instance(byList.start('journey', { user: 'ada' })).variables['receipt'],
    );
    expect(receipts).toEqual([1, 2, 2]);
  });

  it('may fail, or throw an error', async () => {
    const failing = await simulate(working, { handlers: { charge: [{ failure: 'Out of order.' }, { result: 7 }] } });
    const id = failing.start('journey', { user: 'ada' });
    expect(failing.instance(id).incidents).toMatchObject([{ type: 'task-failed', elementId: 'pay' }]);
    failing.resolveIncident({ user: 'ada', action: 'retry' });
    expect(failing.instance(id).status).toBe('completed');
    const throwing = await simulate(working, { handlers: { charge: { error: { code: 'refused' } } } });
    const other = throwing.start('journey', { user: 'ada' });
    expect(throwing.instance(other).incidents).toMatchObject([{ type: 'uncaught-error' }]);
  });

  it('tells its handler which element asks, with its headers and inputs', async () => {
    const calls: unknown[] = [];
    const named = bpmn(
      `<bpmn:startEvent id="s" />${job('charge', '<xflow:input name="amount" value="=3 + 4" />', 'resultVariable="paid"').replace('id=', 'name="Charge the card" id=')}`,
      ['f1: s -> charge'],
    );
    const handler = ({ elementId, elementName, headers, input }: HandlerCall) => {
      calls.push([elementId, elementName, headers, input]);
      return { result: true };
    };
    const simulation = await simulate(named, { handlers: { charge: handler } });
    const id = simulation.start('journey', { variables: { by: 'nobody in particular' } });
    expect(calls).toEqual([['charge', 'Charge the card', {}, { amount: 7 }]]);
    expect(simulation.instance(id)).toMatchObject({ user: id, status: 'completed', variables: { paid: true } });
  });

  it('without a handler stays open until someone ends it', async () => {
    const simulation = await simulate(working);
    const id = simulation.start('journey', { user: 'ada' });
    expect(simulation.instance(id).waitingAt).toEqual(['pay']);
    simulation.completeTask({ element: 'pay', user: 'ada', result: 5 });
    expect(simulation.instance(id).variables).toEqual({ receipt: 5 });
    expect(() => simulation.completeTask({ element: 'pay' })).toThrow('No task is open at element "pay"');
  });

  it('sends messages, and changes users by what the shipped task types do', async () => {
    const simulation = await simulate(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hi" />')}</bpmn:sendTask>
         <bpmn:serviceTask id="check">${extensions('<xflow:segmentCheck segment="vip" />')}</bpmn:serviceTask>
         <bpmn:serviceTask id="tag">${extensions('<xflow:tag add="greeted" />')}</bpmn:serviceTask>`,
        ['f1: s -> mail', 'f2: mail -> check', 'f3: check -> tag'],
        '',
        '<xflow:lifecycle stage="Activation" />',
      ),
    );
    const id = simulation.start('journey', { user: 'ada' });
    expect(simulation.instance(id)).toMatchObject({
      status: 'completed',
      variables: { message: { sent: true }, inSegment: true },
    });
    expect(simulation.user('ada')).toMatchObject({ tags: ['greeted'], stage: 'Activation' });
  });

  it('keeps to the frequency cap over all journeys of a user', async () => {
    const simulation = await simulate(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hi" />')}</bpmn:sendTask>`,
        ['f1: s -> mail'],
        '',
        '<xflow:frequencyCap max="2" window="P7D" />',
      ),
    );
    const send = () => simulation.instance(simulation.start('journey', { user: 'ada' })).variables['message'];
    expect([send(), send(), send()]).toMatchObject([{ sent: true }, { sent: true }, { sent: false }]);
    simulation.advanceBy('P7D');
    expect(send()).toMatchObject({ sent: true });
  });
});

describe('messages in a simulation', () => {
  const ordering = bpmn(
    `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="ordered">${onMessage('order')}</bpmn:intermediateCatchEvent><bpmn:endEvent id="e" />
     <bpmn:startEvent id="visited">${onMessage('visit')}</bpmn:startEvent><bpmn:userTask id="greet" />`,
    ['f1: s -> ordered', 'f2: ordered -> e', 'f3: visited -> greet'],
    message('order') + message('visit'),
  );

  it('reach all who wait for them, and nobody else', async () => {
    const simulation = await simulate(ordering, { users: [ada, { id: 'ben' }] });
    const ids = ['ada', 'ada', 'ben'].map((user) => simulation.start('journey', { user }));
    simulation.publishMessage('order', { key: 'ada', variables: { orderId: 1 } });
    expect(ids.map((id) => simulation.instance(id).status)).toEqual(['completed', 'completed', 'active']);
    expect(simulation.instance(ids[0]!).variables).toEqual({ orderId: 1 });
  });

  it('that come too early are kept for the first who waits', async () => {
    const simulation = await simulate(ordering);
    simulation.publishMessage('order', { key: 'ada' });
    const ids = [1, 2].map(() => simulation.start('journey', { user: 'ada' }));
    expect(ids.map((id) => simulation.instance(id).status)).toEqual(['completed', 'active']);
  });

  it('are kept for no longer than they shall', async () => {
    const simulation = await simulate(ordering);
    simulation.publishMessage('order', { key: 'ada', ttlSeconds: 60 });
    simulation.advanceBy('PT2M');
    expect(simulation.instance(simulation.start('journey', { user: 'ada' })).status).toBe('active');
  });

  it('start workflows', async () => {
    const simulation = await simulate(ordering);
    simulation.publishMessage('visit', { key: 'ada' });
    expect(simulation.instances()).toMatchObject([{ user: 'ada', waitingAt: ['greet'] }]);
  });
});

describe('signals in a simulation', () => {
  it('reach who waits when they are thrown, and not their thrower who comes to wait for them afterwards', async () => {
    const caught = `<bpmn:intermediateCatchEvent id="heard">${onSignal('alarm')}</bpmn:intermediateCatchEvent>`;
    const throwing = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="tell">${onSignal('alarm')}</bpmn:intermediateThrowEvent>${caught}`,
        ['f1: s -> tell', 'f2: tell -> heard'],
        signal('alarm'),
      ),
    );
    const waitingFor = await compileOne(
      bpmn(`<bpmn:startEvent id="s" />${caught}`, ['f1: s -> heard'], signal('alarm')).replace(
        'id="journey"',
        'id="other"',
      ),
    );
    const simulation = createSimulation({ definitions: [throwing, waitingFor], now, seed: 'test', users: [ada] });
    const other = simulation.start('other', { user: 'ada' });
    const thrower = simulation.start('journey', { user: 'ada' });
    expect(simulation.instance(other).status).toBe('completed');
    expect(simulation.instance(thrower).waitingAt).toEqual(['heard']);
  });
});

describe('a parallel multiple start event in a simulation', () => {
  it('begins one instance for all of its events, whichever comes first', async () => {
    const simulation = await simulate(
      bpmn(
        `<bpmn:startEvent id="begin" parallelMultiple="true">${onMessage('order')}${onSignal('alarm')}</bpmn:startEvent><bpmn:userTask id="ask" />`,
        ['f1: begin -> ask'],
        message('order') + signal('alarm'),
      ),
    );
    simulation.publishMessage('order', { key: 'ada' });
    expect(simulation.instances()).toMatchObject([{ user: 'ada', waitingAt: ['begin'] }]);
    simulation.broadcastSignal('alarm');
    expect(simulation.instances()).toMatchObject([{ user: 'ada', waitingAt: ['ask'] }]);
    simulation.broadcastSignal('alarm');
    expect(simulation.instances().map(({ waitingAt }) => waitingAt)).toEqual([['ask'], ['begin']]);
  });
});

describe('conditions that read the user in a simulation', () => {
  const starting = bpmn(
    `<bpmn:startEvent id="rich">${onCondition('user.attributes.spent > 100 and segment("vip")')}</bpmn:startEvent><bpmn:userTask id="thank" />`,
    ['f1: rich -> thank'],
  );

  it('start instances, each time that they become true for a user', async () => {
    const simulation = await simulate(starting, { users: [ada, { id: 'ben' }] });
    const started = () => simulation.instances().map(({ user, waitingAt }) => [user, ...waitingAt]);
    for (const user of ['ada', 'ben']) simulation.changeUser(user, { attributes: { spent: 101 } });
    expect(started()).toEqual([['ada', 'thank']]);
    simulation.changeUser('ada', { attributes: { spent: 102 } });
    expect(started()).toHaveLength(1);
    simulation.changeUser('ada', { segments: [] });
    simulation.changeUser('ada', { segments: ['vip'] });
    simulation.changeUser('ben', { segments: ['vip'] });
    expect(started()).toEqual([
      ['ada', 'thank'],
      ['ada', 'thank'],
      ['ben', 'thank'],
    ]);
    expect(() => simulation.changeUser('nobody', {})).toThrow('There is no user "nobody"');
  });

  it('are made true by another journey, too', async () => {
    const tagging = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:serviceTask id="tag">${extensions('<xflow:tag add="greeted" />')}</bpmn:serviceTask>`,
        ['f1: s -> tag'],
      ).replace('id="journey"', 'id="tagging"'),
    );
    const waitingFor = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:intermediateCatchEvent id="wait">${onCondition('list contains(user.tags, "greeted")')}</bpmn:intermediateCatchEvent>`,
        ['f1: s -> wait'],
      ),
    );
    const simulation = createSimulation({ definitions: [tagging, waitingFor], now, seed: 'test', users: [ada] });
    const id = simulation.start('journey', { user: 'ada' });
    expect(simulation.instance(id).waitingAt).toEqual(['wait']);
    simulation.start('tagging', { user: 'ada' });
    expect(simulation.instance(id).status).toBe('completed');
  });
});

/** Two none start events, each with a task of its own. */
const bothStarts = bpmn(
  '<bpmn:startEvent id="online" /><bpmn:startEvent id="shop" /><bpmn:userTask id="a" /><bpmn:userTask id="b" />',
  ['g1: online -> a', 'g2: shop -> b'],
);

describe('called workflows in a simulation', () => {
  const caller = (id: string, called: string) =>
    bpmn(`<bpmn:startEvent id="s" /><bpmn:callActivity id="call" calledElement="${called}" />`, [
      'f1: s -> call',
    ]).replace('id="journey"', `id="${id}"`);

  it('run for the same user and give their variables back', async () => {
    const called = bpmn('<bpmn:startEvent id="s2" /><bpmn:userTask id="a" />', ['g1: s2 -> a']);
    const definitions = [await compileOne(caller('outer', 'journey')), await compileOne(called)];
    const simulation = createSimulation({ definitions, now, seed: 'test', users: [ada] });
    const id = simulation.start('outer', { user: 'ada' });
    expect(simulation.instances()).toMatchObject([
      { workflowKey: 'outer', parentInstanceId: null },
      { workflowKey: 'journey', parentInstanceId: id, user: 'ada', waitingAt: ['a'] },
    ]);
    simulation.completeTask({ element: 'a', variables: { done: true } });
    expect(simulation.instance(id)).toMatchObject({ status: 'completed', variables: { done: true } });
  });

  it('are cancelled with their caller', async () => {
    const called = bpmn('<bpmn:startEvent id="s2" /><bpmn:userTask id="a" />', ['g1: s2 -> a']);
    const definitions = [await compileOne(caller('outer', 'journey')), await compileOne(called)];
    const simulation = createSimulation({ definitions, now, seed: 'test', users: [ada] });
    simulation.cancel(simulation.start('outer', { user: 'ada' }));
    expect(simulation.instances().map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  });

  it('are not called where nobody says at which none start event they begin', async () => {
    const definitions = [await compileOne(caller('outer', 'journey')), await compileOne(bothStarts)];
    const simulation = createSimulation({ definitions, now, seed: 'test', users: [ada] });
    const { incidents } = simulation.instance(simulation.start('outer', { user: 'ada' }));
    expect(incidents).toMatchObject([{ type: 'call-failed' }]);
    expect(JSON.stringify(incidents)).toContain('2 start events without a trigger');
    expect(simulation.instances()).toHaveLength(1);
  });

  it('that are not there, or call themselves for ever, become incidents', async () => {
    const missing = await simulate(caller('outer', 'nowhere'));
    expect(missing.instance(missing.start('outer', { user: 'ada' })).incidents).toMatchObject([
      { type: 'call-failed' },
    ]);
    const own = await simulate(caller('outer', 'outer'));
    own.start('outer', { user: 'ada' });
    expect(own.instances().at(-1)?.incidents).toMatchObject([{ type: 'call-failed' }]);
  });
});

describe('a simulation', () => {
  it('tells the same story every time', async () => {
    const tell = async () => {
      const simulation = await simulate(waiting, { users: [ada, { id: 'ben' }] });
      for (const user of ['ada', 'ben']) simulation.start('journey', { user });
      simulation.runToRest();
      simulation.completeTask({ element: 'ask', user: 'ben', variables: { n: 1 } });
      return simulation.trace.map((record) => JSON.stringify(record));
    };
    expect(await tell()).toEqual(await tell());
  });

  it('keeps no history where none is wanted, and comes to the same end', async () => {
    const simulation = await simulate(waiting, { recording: false });
    const id = simulation.start('journey', { user: 'ada' });
    simulation.runToRest();
    expect(simulation.instance(id)).toMatchObject({ waitingAt: ['ask'], history: [], inputs: [] });
    expect(simulation.trace).toEqual([]);
  });

  it('begins at the none start event that is named, where there are several', async () => {
    const simulation = await simulate(bothStarts);
    const id = simulation.start('journey', { user: 'ada', startEvent: 'shop' });
    expect(simulation.instance(id).waitingAt).toEqual(['b']);
    expect(() => simulation.start('journey', { user: 'ada' })).toThrow('one of these: online, shop.');
    expect(() => simulation.start('journey', { user: 'ada', startEvent: 'a' })).toThrow('one of these: online, shop.');
  });

  it('refuses workflows and users that it does not know', async () => {
    const simulation = await simulate(waiting);
    expect(() => simulation.start('nowhere', { user: 'ada' })).toThrow('There is no workflow "nowhere"');
    expect(() => simulation.start('journey', { user: 'nobody' })).toThrow('There is no user "nobody"');
  });
});

describe('an ad-hoc subprocess in a simulation', () => {
  it('begins the activities that are asked for', async () => {
    const simulation = await simulate(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:adHocSubProcess id="any"><bpmn:userTask id="a" /></bpmn:adHocSubProcess><bpmn:userTask id="after" />`,
        ['f1: s -> any', 'f2: any -> after'],
      ),
    );
    const id = simulation.start('journey', { user: 'ada' });
    simulation.activate({ element: 'a', user: 'ada' });
    simulation.completeTask({ element: 'a' });
    expect(simulation.instance(id).waitingAt).toEqual(['after']);
    expect(() => simulation.activate({ element: 'a' })).toThrow(SimulationError);
  });
});
