import { bpmn, error, extensions, flow, job, message, onError, onMessage, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const zeebe = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"';
const camunda = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"';
const multi = (content: string, attributes = '') =>
  `<bpmn:multiInstanceLoopCharacteristics ${camunda} ${attributes}>${content}</bpmn:multiInstanceLoopCharacteristics>`;
const each = (attributes: string, more = '') =>
  multi(extensions(`<zeebe:loopCharacteristics ${zeebe} ${attributes} />`) + more);
const times = (cardinality: string, attributes = '') =>
  multi(`<bpmn:loopCardinality>${cardinality}</bpmn:loopCardinality>`, attributes);
const enough = (condition: string) => `<bpmn:completionCondition>=${condition}</bpmn:completionCondition>`;

/** A start event, the activity `work`, and the task `done`. */
const around = (work: string, more = '', flows: readonly string[] = []) =>
  bpmn(
    `<bpmn:startEvent id="s" />${work}${more}<bpmn:userTask id="done" />`,
    ['f1: s -> work', 'f2: work -> done', ...flows],
    message('stop') + error('refused'),
  );
const people = (loop: string) => `<bpmn:userTask id="work">${loop}</bpmn:userTask>`;
const charging = (loop: string, content = '', attributes = '') =>
  job('work', content, attributes).replace('</bpmn:serviceTask>', `${loop}</bpmn:serviceTask>`);
const subprocess = (loop: string, content: string, flows: readonly string[]) =>
  `<bpmn:subProcess id="work">${content}${flows.map(flow).join('')}${loop}</bpmn:subProcess>`;

const completeNumber = (drive: Drive, number: number, result: null | number | Record<string, number> = null) =>
  drive.feed({
    kind: 'task-completed',
    at: drive.at,
    taskId: drive.all('create-task')[number - 1]!.taskId,
    result,
  });

describe('a parallel multi-instance activity', () => {
  it('runs once for each item, and is left when all runs are done', async () => {
    const drive = await Drive.start(
      around(
        charging(
          each('inputCollection="=orders" inputElement="order"'),
          '<xflow:input name="order" value="=order" /><xflow:input name="number" value="=loopCounter" />',
        ),
      ),
      { orders: ['a', 'b', 'c'] },
    );
    expect(drive.all('create-task').map(({ config, input }) => ({ ...config, ...input }))).toEqual([
      { order: 'a', number: 1 },
      { order: 'b', number: 2 },
      { order: 'c', number: 3 },
    ]);
    expect(new Set(drive.all('create-task').map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
    completeNumber(drive, 2);
    completeNumber(drive, 1);
    expect(drive.waitingAt).toEqual(['work']);
    completeNumber(drive, 3);
    expect(drive.waitingAt).toEqual(['done']);
    expect(drive.state.scopes).toHaveLength(1);
    expect(drive.variables).toEqual({ orders: ['a', 'b', 'c'] });
  });

  it('gathers outputs in the order of the items, whatever the order in which runs complete', async () => {
    const drive = await Drive.start(
      around(
        charging(
          each('inputCollection="=orders" inputElement="order" outputCollection="prices" outputElement="=price * 2"'),
          '<xflow:output name="price" value="=result" />',
        ),
      ),
      { orders: [1, 2, 3] },
    );
    for (const number of [3, 1, 2]) completeNumber(drive, number, number * 10);
    expect(drive.variables['prices']).toEqual([20, 40, 60]);
  });

  it('keeps the variable of the output to each run', async () => {
    const drive = await Drive.start(
      around(people(each('inputCollection="=orders" outputCollection="prices" outputElement="=price"'))),
      { orders: [1, 2] },
    );
    completeNumber(drive, 2, { price: 5 });
    completeNumber(drive, 1, { price: 7 });
    expect(drive.variables).toEqual({ orders: [1, 2], prices: [7, 5] });
  });

  it('reads the words of the standard and of Camunda 7', async () => {
    const standard =
      '<bpmn:loopDataInputRef>orders</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>prices</bpmn:loopDataOutputRef><bpmn:inputDataItem id="i" name="order" /><bpmn:outputDataItem id="o" name="price" />';
    const data = '<bpmn:dataObject id="orders" /><bpmn:dataObject id="prices" />';
    const drive = await Drive.start(around(people(multi(standard)), data), { orders: [4, 5] });
    completeNumber(drive, 1, { price: 1 });
    completeNumber(drive, 2, { price: 2 });
    expect(drive.variables).toEqual({ orders: [4, 5], prices: [1, 2] });

    const seven = `<bpmn:serviceTask id="work">${extensions('<xflow:task type="charge"><xflow:input name="o" value="=order" /></xflow:task>')}${multi('', 'camunda:collection="${orders}" camunda:elementVariable="order"')}</bpmn:serviceTask>`;
    const second = await Drive.start(around(seven), { orders: [4, 5] });
    expect(second.all('create-task').map(({ config, input }) => ({ ...config, ...input }))).toEqual([
      { o: 4 },
      { o: 5 },
    ]);
  });

  it('is left at once for an empty list', async () => {
    const drive = await Drive.start(
      around(people(each('inputCollection="=orders" outputCollection="prices" outputElement="=price"'))),
      { orders: [] },
    );
    expect(drive.waitingAt).toEqual(['done']);
    expect(drive.variables).toEqual({ orders: [], prices: [] });
  });

  it('cancels the other runs when the completion condition is true', async () => {
    const drive = await Drive.start(
      around(
        people(
          multi(
            `<bpmn:loopCardinality>5</bpmn:loopCardinality>${enough('numberOfCompletedInstances / numberOfInstances >= 0.4')}`,
          ),
        ),
      ),
    );
    completeNumber(drive, 1);
    expect(drive.waitingAt).toEqual(['work']);
    completeNumber(drive, 4);
    expect(drive.waitingAt).toEqual(['done']);
    expect(drive.all('cancel-task')).toHaveLength(3);
    expect(drive.state.scopes).toHaveLength(1);
  });

  it('has its boundary events around all runs, armed once', async () => {
    const boundary = (definition: string, attributes = '') =>
      `<bpmn:boundaryEvent id="event" attachedToRef="work" ${attributes}>${definition}</bpmn:boundaryEvent><bpmn:userTask id="caught" />`;
    const caught = ['f3: event -> caught'];
    const late = await Drive.start(around(people(times('3')), boundary(timer('P3D')), caught));
    expect(late.all('schedule-timer')).toHaveLength(1);
    expect(late.timer('event').waitingAt).toEqual(['caught']);
    expect(late.all('cancel-task')).toHaveLength(3);
    expect(late.view.tokens).toHaveLength(1);

    const beside = await Drive.start(
      around(people(times('2')), boundary(onMessage('stop'), 'cancelActivity="false"'), caught),
    );
    expect(beside.message('event').waitingAt).toEqual(['work', 'caught']);

    const failing = await Drive.start(around(charging(times('3')), boundary(onError('refused')), caught));
    failing.feed({
      kind: 'task-threw-error',
      at: failing.at,
      taskId: failing.all('create-task')[1]!.taskId,
      code: 'refused',
    });
    expect(failing.waitingAt).toEqual(['caught']);
    expect(failing.all('cancel-task')).toHaveLength(2);
    expect(failing.state.scopes).toHaveLength(1);
  });

  it('runs subprocesses with variables of their own', async () => {
    const drive = await Drive.start(
      around(
        subprocess(
          each('inputCollection="=orders" inputElement="order" outputCollection="bills" outputElement="=bill"'),
          `${job('pay', '<xflow:input name="order" value="=order" /><xflow:output name="bill" value="=result" />')}<bpmn:userTask id="check" />`,
          ['g1: pay -> check'],
        ),
      ),
      { orders: ['a', 'b'] },
    );
    completeNumber(drive, 1, 1);
    completeNumber(drive, 2, 2);
    expect(drive.waitingAt).toEqual(['check']);
    completeNumber(drive, 3);
    completeNumber(drive, 4);
    expect(drive.variables['bills']).toEqual([1, 2]);
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('ends with an error end event inside, caught around it', async () => {
    const inside = `<bpmn:userTask id="a" /><bpmn:endEvent id="bad">${onError('refused')}</bpmn:endEvent>`;
    const drive = await Drive.start(
      around(
        subprocess(times('2'), inside, ['g1: a -> bad']),
        `<bpmn:boundaryEvent id="event" attachedToRef="work">${onError('refused')}</bpmn:boundaryEvent><bpmn:userTask id="caught" />`,
        ['f3: event -> caught'],
      ),
    );
    completeNumber(drive, 1);
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.all('cancel-task')).toHaveLength(1);
  });

  it('calls a workflow for each item', async () => {
    const drive = await Drive.start(
      around(
        `<bpmn:callActivity id="work" calledElement="other">${each('inputCollection="=orders" inputElement="order"')}</bpmn:callActivity>`,
      ),
      { orders: ['a', 'b'] },
    );
    expect(drive.all('start-instance').map(({ variables }) => variables['order'])).toEqual(['a', 'b']);
    for (const { callId } of drive.all('start-instance'))
      drive.feed({ kind: 'call-ended', at: drive.at, callId, outcome: 'completed', variables: {} });
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('keeps a failed run at its incident, while the others go on', async () => {
    const drive = await Drive.start(around(charging(times('2'))));
    drive.fail('work');
    completeNumber(drive, 1);
    expect(drive.waitingAt).toEqual(['work']);
    drive.resolve({ action: 'retry' }).complete('work');
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('asks for what its outputs need', async () => {
    const drive = await Drive.start(
      around(people(multi(`<bpmn:loopCardinality>3</bpmn:loopCardinality>${enough('segment("vip")')}`))),
      {},
      () => ({ vip: true }),
    );
    completeNumber(drive, 1);
    expect(drive.waitingAt).toEqual(['done']);
  });

  it.each([
    ['a collection that is no list', each('inputCollection="=orders"'), { orders: 3 }],
    ['a collection that is missing', each('inputCollection="=orders"'), {}],
    ['a cardinality that is no number', times('=n'), { n: 'many' }],
    ['a cardinality below zero', times('=n'), { n: -1 }],
  ])('stops at %s, and goes on after a retry', async (_, loop, variables) => {
    const drive = await Drive.start(around(people(loop)), variables);
    expect(drive.incident.type).toBe('expression-failed');
    drive.resolve({ action: 'retry' }, { orders: [1], n: 1 }).complete('work');
    expect(drive.waitingAt).toEqual(['done']);
  });

  it.each([times('1000000000'), times('1000000000', 'isSequential="true"')])(
    'stops before a billion runs',
    async (loop) => {
      expect((await Drive.start(around(people(loop)))).incident.type).toBe('bound-reached');
    },
  );

  it('runs 10,000 times within one step', async () => {
    const drive = await Drive.start(around(`<bpmn:task id="work">${times('10000')}</bpmn:task>`));
    expect(drive.waitingAt).toEqual(['done']);
  });
});

describe('events of a multi-instance activity', () => {
  const globals =
    '<bpmn:signal id="sig" name="one-done" /><bpmn:escalation id="esc" escalationCode="slow" /><bpmn:signalEventDefinition id="sd" signalRef="sig" /><bpmn:escalationEventDefinition id="ed" escalationRef="esc" />';
  const throwing = (attributes: string, content = '') =>
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:userTask id="work">${multi(`<bpmn:loopCardinality>3</bpmn:loopCardinality>${content}`, attributes)}</bpmn:userTask>
       <bpmn:boundaryEvent id="event" attachedToRef="work" cancelActivity="false"><bpmn:escalationEventDefinition escalationRef="esc" /></bpmn:boundaryEvent>
       <bpmn:userTask id="caught" /><bpmn:userTask id="done" />`,
      ['f1: s -> work', 'f2: work -> done', 'f3: event -> caught'],
      globals,
    );
  const completeAll = (drive: Drive) => completeNumber(completeNumber(completeNumber(drive, 1), 2), 3);

  it('are thrown by each run', async () => {
    const drive = completeAll(await Drive.start(throwing('behavior="None" noneBehaviorEventRef="sd"')));
    expect(drive.all('broadcast-signal').map(({ signalName }) => signalName)).toEqual(Array(3).fill('one-done'));
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('are thrown by the first run, and caught by a boundary event', async () => {
    const drive = completeAll(await Drive.start(throwing('behavior="One" oneBehaviorEventRef="ed"')));
    expect(drive.view.tokens.map(({ elementId }) => elementId).sort()).toEqual(['caught', 'done']);
  });

  it('are thrown when their condition is true', async () => {
    const complex =
      '<bpmn:complexBehaviorDefinition id="cb"><bpmn:condition>=numberOfCompletedInstances = 2</bpmn:condition><bpmn:event id="it"><bpmn:signalEventDefinition id="sd2" signalRef="sig" /></bpmn:event></bpmn:complexBehaviorDefinition>';
    const drive = await Drive.start(throwing('behavior="Complex"', complex));
    completeNumber(drive, 1);
    expect(drive.all('broadcast-signal')).toHaveLength(0);
    completeNumber(completeNumber(drive, 2), 3);
    expect(drive.all('broadcast-signal')).toHaveLength(1);
  });

  it('are the default signal where no event is named, which boundary events without a name catch with the attributes', async () => {
    const hearing = (behavior: string, attributes = 'cancelActivity="false"') =>
      throwing(`behavior="${behavior}"`)
        .replace('<bpmn:escalationEventDefinition escalationRef="esc" />', '<bpmn:signalEventDefinition />')
        .replace('cancelActivity="false"', attributes);
    const caught = (drive: Drive) => drive.all('create-task').filter(({ elementId }) => elementId === 'caught').length;
    const each = completeNumber(await Drive.start(hearing('None')), 1);
    expect(each.variables).toMatchObject({ numberOfInstances: 3, numberOfCompletedInstances: 1 });
    completeNumber(completeNumber(each, 2), 3);
    expect(caught(each)).toBe(3);
    expect(each.all('open-subscription')).toEqual([]);
    expect(each.all('broadcast-signal')).toEqual([]);
    expect(caught(completeAll(await Drive.start(hearing('One'))))).toBe(1);
    expect(completeNumber(await Drive.start(hearing('One', '')), 1).waitingAt).toEqual(['caught']);
    const unheard = completeAll(await Drive.start(throwing('behavior="None"')));
    expect(unheard.waitingAt).toEqual(['done']);
  });

  it('may interrupt the activity', async () => {
    const xml = throwing('behavior="One" oneBehaviorEventRef="ed"').replace('cancelActivity="false"', '');
    const drive = completeNumber(await Drive.start(xml), 2);
    expect(drive.waitingAt).toEqual(['caught']);
    expect(drive.all('cancel-task')).toHaveLength(2);
    expect(drive.state.scopes).toHaveLength(1);
  });
});

describe('a sequential multi-instance activity', () => {
  it('runs for one item after the other', async () => {
    const loop = multi(
      extensions(
        `<zeebe:loopCharacteristics ${zeebe} inputCollection="=orders" inputElement="order" outputCollection="out" outputElement="=order + loopCounter" />`,
      ),
      'isSequential="true"',
    );
    const drive = await Drive.start(around(people(loop)), { orders: [10, 20] });
    expect(drive.all('create-task')).toHaveLength(1);
    drive.complete('work', { orders: [] });
    expect(drive.all('create-task')).toHaveLength(2);
    drive.complete('work');
    expect(drive.variables['out']).toEqual([11, 22]);
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('stops when the completion condition is true', async () => {
    const drive = await Drive.start(
      around(people(multi(`<bpmn:loopCardinality>5</bpmn:loopCardinality>${enough('found')}`, 'isSequential="true"'))),
      { found: false },
    );
    drive.complete('work').complete('work', { found: true });
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('runs 10,000 times within one step', async () => {
    const drive = await Drive.start(
      around(`<bpmn:task id="work">${times('10000', 'isSequential="true"')}</bpmn:task>`),
    );
    expect(drive.waitingAt).toEqual(['done']);
  });
});

describe('a standard loop', () => {
  const loop = (attributes: string, condition = '') =>
    `<bpmn:standardLoopCharacteristics ${attributes}>${condition === '' ? '' : `<bpmn:loopCondition>=${condition}</bpmn:loopCondition>`}</bpmn:standardLoopCharacteristics>`;

  it('runs again while its condition is true', async () => {
    const drive = await Drive.start(around(people(loop('', 'again'))), { again: false });
    expect(drive.waitingAt).toEqual(['work']);
    drive.complete('work', { again: true }).complete('work', { again: false });
    expect(drive.waitingAt).toEqual(['done']);
    expect(drive.state.scopes).toHaveLength(1);
  });

  it('may test before the first run', async () => {
    const drive = await Drive.start(around(people(loop('testBefore="true"', 'again'))), { again: false });
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('ends at its maximum', async () => {
    const drive = await Drive.start(around(people(loop('loopMaximum="2"', 'true'))));
    drive.complete('work').complete('work');
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('counts its runs in loopCounter', async () => {
    const drive = await Drive.start(around(people(loop('', 'loopCounter &lt; 3'))));
    drive.complete('work').complete('work');
    expect(drive.waitingAt).toEqual(['work']);
    expect(drive.complete('work').waitingAt).toEqual(['done']);
  });

  it('keeps the run at an incident when the condition fails, and tests again after a retry', async () => {
    const drive = await Drive.start(around(people(loop('', 'again'))), { again: 'perhaps' });
    drive.complete('work');
    expect(drive.incident.type).toBe('expression-failed');
    expect(drive.resolve({ action: 'retry' }, { again: false }).waitingAt).toEqual(['done']);
  });

  it('without a wait stops at the bound of a step', async () => {
    const drive = await Drive.start(around(`<bpmn:task id="work">${loop('', 'true')}</bpmn:task>`));
    expect(drive.incident.type).toBe('bound-reached');
    expect(drive.cancel().status).toBe('cancelled');
  });
});
