import { bpmn, error, extensions, job, message, onError, onMessage } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import { findings } from '../../test/findings.js';

const objects = (...names: string[]) =>
  names.map((name) => `<bpmn:dataObject id="do_${name}" name="${name}" />`).join('');
const reference = (name: string) => `<bpmn:dataObjectReference id="${name}" dataObjectRef="do_${name}" />`;
const specification = (inputs: readonly string[], outputs: readonly string[], optional = '') => `
  <bpmn:ioSpecification>
    ${inputs.map((name) => `<bpmn:dataInput id="in_${name}" name="${name}" />`).join('')}
    ${outputs.map((name) => `<bpmn:dataOutput id="out_${name}" name="${name}" />`).join('')}
    <bpmn:inputSet>${inputs.map((name) => `<bpmn:dataInputRefs>in_${name}</bpmn:dataInputRefs>`).join('')}${optional}</bpmn:inputSet>
    <bpmn:outputSet>${outputs.map((name) => `<bpmn:dataOutputRefs>out_${name}</bpmn:dataOutputRefs>`).join('')}</bpmn:outputSet>
  </bpmn:ioSpecification>`;
const into = (source: string, target: string, more = '') =>
  `<bpmn:dataInputAssociation><bpmn:sourceRef>${source}</bpmn:sourceRef><bpmn:targetRef>in_${target}</bpmn:targetRef>${more}</bpmn:dataInputAssociation>`;
const outOf = (source: string, target: string, more = '') =>
  `<bpmn:dataOutputAssociation><bpmn:sourceRef>out_${source}</bpmn:sourceRef><bpmn:targetRef>${target}</bpmn:targetRef>${more}</bpmn:dataOutputAssociation>`;
const formal = (name: string, text: string) => `<bpmn:${name} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${name}>`;
const assignment = (from: string, to: string) =>
  `<bpmn:assignment>${formal('from', from)}${formal('to', to)}</bpmn:assignment>`;

/** A process with the data objects order, receipt and total; a task a, and a user task after it. */
const around = (content: string) =>
  bpmn(
    `${objects('order', 'receipt', 'total')}${reference('order')}${reference('receipt')}${reference('total')}${content}<bpmn:userTask id="after" />`,
    ['f: a -> after'],
  );
const charge = (content: string, extension = '') =>
  around(
    `<bpmn:serviceTask id="a">${extensions(`<xflow:task type="charge">${extension}</xflow:task>`)}${content}</bpmn:serviceTask>`,
  );

describe('data associations of a task', () => {
  it('copy data objects into its input, and its outputs into data objects', async () => {
    const xml = charge(specification(['what'], ['receipt']) + into('order', 'what') + outOf('receipt', 'receipt'));
    const drive = await Drive.start(xml, { order: { id: 7 } });
    expect(drive.last('create-task', 'a').input).toMatchObject({ what: { id: 7 } });
    drive.complete('a', { receipt: 'R-1', other: true });
    expect(drive.variables).toEqual({ order: { id: 7 }, receipt: 'R-1' });
  });

  it('take the whole result for the only data output, where the result has no part of its name', async () => {
    const xml = charge(specification([], ['receipt']) + outOf('receipt', 'receipt'));
    expect((await Drive.start(xml)).complete('a', { number: 1 }).variables).toEqual({ receipt: { number: 1 } });
    expect((await Drive.start(xml)).complete('a', 'R-1').variables).toEqual({ receipt: 'R-1' });
  });

  it('transform, and assign parts', async () => {
    const xml = charge(
      specification(['what', 'count'], ['sum']) +
        into('order', 'what', formal('transformation', 'order.items')) +
        into('order', 'count', assignment('order.count + 1', 'count') + assignment('"now"', 'in_count.when')) +
        outOf('sum', 'total', assignment('sum * 2', 'total.gross') + assignment('sum', 'net')),
    );
    const drive = await Drive.start(xml, { order: { items: ['x'], count: 2 }, total: { currency: 'EUR' } });
    expect(drive.last('create-task', 'a').input).toMatchObject({ what: ['x'], count: { when: 'now' } });
    drive.complete('a', { sum: 5 });
    expect(drive.variables['total']).toEqual({ currency: 'EUR', gross: 10, net: 5 });
  });

  it('come before the inputs that the task says itself, which read them', async () => {
    const xml = charge(
      specification(['what'], ['receipt']) + into('order', 'what') + outOf('receipt', 'receipt'),
      '<xflow:input name="id" value="=what.id" /><xflow:output name="receipt" value="=result.number" />',
    );
    const drive = await Drive.start(xml, { order: { id: 7 } });
    expect(drive.last('create-task', 'a').input).toMatchObject({ what: { id: 7 }, id: 7 });
    expect(drive.complete('a', { number: 'R-1' }).variables).toEqual({ order: { id: 7 }, receipt: 'R-1' });
  });

  it('give a user task its input, a script its variables, and its outputs back', async () => {
    const user = around(
      `<bpmn:userTask id="a">${specification(['what'], ['receipt'])}${into('order', 'what')}${outOf('receipt', 'receipt')}</bpmn:userTask>`,
    );
    const drive = await Drive.start(user, { order: 1 });
    expect(drive.last('create-task', 'a').input).toMatchObject({ what: 1 });
    expect(drive.complete('a', { receipt: 2, note: 'x' }).variables).toEqual({ order: 1, receipt: 2 });
    const script = around(
      `<bpmn:scriptTask id="a" scriptFormat="feel">${specification(['what'], ['total'])}${into('order', 'what')}${outOf('total', 'total')}<bpmn:script>what * 2</bpmn:script></bpmn:scriptTask>`,
    );
    expect((await Drive.start(script, { order: 4 })).variables).toEqual({ order: 4, total: 8 });
  });

  it('wait for what an input set needs, until it is there', async () => {
    const task = (optional: string) =>
      bpmn(
        `${objects('order')}${reference('order')}<bpmn:startEvent id="s" />
         <bpmn:userTask id="a">${specification(['what'], [], optional)}${into('order', 'what')}</bpmn:userTask><bpmn:userTask id="b" />`,
        ['f1: s -> a', 'f2: s -> b'],
      );
    const drive = await Drive.start(task(''));
    expect(drive.all('create-task').map(({ elementId }) => elementId)).toEqual(['b']);
    expect(drive.view.tokens.find(({ elementId }) => elementId === 'a')?.waitingFor).toEqual([{ kind: 'condition' }]);
    drive.complete('b', { order: 7 });
    expect(drive.last('create-task', 'a').input).toEqual({ what: 7 });
    const optional = await Drive.start(task('<bpmn:optionalInputRefs>in_what</bpmn:optionalInputRefs>'));
    expect(optional.last('create-task', 'a').input).toEqual({ what: null });
  });

  it('become an incident that a retry takes up, on both sides', async () => {
    const xml = charge(
      specification(['what'], ['sum']) +
        into('order', 'what', formal('transformation', 'count(for i in 1..order return i)')) +
        outOf('sum', 'total', formal('transformation', 'count(for i in 1..(sum * order) return i)')),
    );
    const drive = await Drive.start(xml, { order: 1e9 });
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'a' });
    drive.resolve({ action: 'retry' }, { order: 3 });
    expect(drive.last('create-task', 'a').input).toMatchObject({ what: 3 });
    drive.complete('a', { sum: 1e9 });
    expect(drive.incident).toMatchObject({ type: 'expression-failed', elementId: 'a' });
    drive.resolve({ action: 'retry' }, { order: 3e-9 });
    expect([drive.variables, drive.waitingAt]).toEqual([{ order: 3e-9, total: 3 }, ['after']]);
    expect(drive.all('create-task').filter(({ elementId }) => elementId === 'a')).toHaveLength(1);
  });

  it('copy nothing where they are only drawn', async () => {
    const xml = around(
      `<bpmn:userTask id="a"><bpmn:property id="p" name="__targetRef_placeholder" />
       <bpmn:dataInputAssociation id="x"><bpmn:sourceRef>order</bpmn:sourceRef><bpmn:targetRef>p</bpmn:targetRef></bpmn:dataInputAssociation>
       <bpmn:dataOutputAssociation id="y"><bpmn:targetRef>receipt</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:userTask>`,
    );
    const drive = await Drive.start(xml, { order: 1 });
    expect(drive.last('create-task', 'a').input).toEqual({});
    expect(drive.complete('a', { approved: true }).variables).toEqual({ order: 1, approved: true });
  });

  it('assign only to names', async () => {
    const xml = charge(specification(['what'], []) + into('order', 'what', assignment('1', 'a + b')));
    expect(await findings('expression', xml)).toEqual([
      ['a', '<a> has a mistake in the assignment to its data what. It assigns to a + b, which is no name.'],
    ]);
  });
});

describe('data of a call activity', () => {
  it('is what the called process starts with, and what comes back', async () => {
    const xml = around(
      `<bpmn:callActivity id="a" calledElement="other">${specification(['what'], ['receipt'])}${into('order', 'what')}${outOf('receipt', 'receipt')}</bpmn:callActivity>`,
    );
    const drive = await Drive.start(xml, { order: 7, secret: 1 });
    const { callId, variables } = drive.last('start-instance', 'a');
    expect(variables).toEqual({ what: 7 });
    drive.feed({ kind: 'call-ended', at: drive.at, callId, outcome: 'completed', variables: { receipt: 1, more: 2 } });
    expect(drive.variables).toEqual({ order: 7, secret: 1, receipt: 1 });
  });
});

describe('data of a multi-instance activity', () => {
  it('is the list behind its data input, and an item a run', async () => {
    const xml = bpmn(
      `${objects('orders', 'prices')}${reference('orders')}${reference('prices')}
       <bpmn:userTask id="a">
         <bpmn:ioSpecification>
           <bpmn:dataInput id="in_list" name="list" isCollection="true" /><bpmn:dataInput id="in_one" name="one" />
           <bpmn:dataOutput id="out_list" name="results" isCollection="true" /><bpmn:inputSet /><bpmn:outputSet />
         </bpmn:ioSpecification>
         ${into('orders', 'list')}${into('item', 'one')}${outOf('list', 'prices')}
         <bpmn:multiInstanceLoopCharacteristics>
           <bpmn:loopDataInputRef>in_list</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>out_list</bpmn:loopDataOutputRef>
           <bpmn:inputDataItem id="item" name="item" /><bpmn:outputDataItem id="price" name="price" />
         </bpmn:multiInstanceLoopCharacteristics>
       </bpmn:userTask><bpmn:userTask id="after" />`,
      ['f: a -> after'],
    );
    const drive = await Drive.start(xml, { orders: ['x', 'y'] });
    expect(drive.all('create-task').map(({ input }) => input)).toEqual([{ one: 'x' }, { one: 'y' }]);
    for (const { taskId } of drive.all('create-task'))
      drive.feed({ kind: 'task-completed', at: drive.at, taskId, result: { price: taskId.length } });
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.variables).toMatchObject({ prices: [expect.any(Number), expect.any(Number)] });
  });
});

describe('data of a subprocess', () => {
  const sub = (data: string, more = '') =>
    bpmn(
      `<bpmn:subProcess id="sub">${more}${data}
         <bpmn:scriptTask id="count" scriptFormat="feel">${extensions('<xflow:task />')}<bpmn:script>{ total: 5 }</bpmn:script></bpmn:scriptTask>
       </bpmn:subProcess><bpmn:userTask id="after" />`,
      ['f: sub -> after'],
    ).replace(extensions('<xflow:task />'), '');

  it('is its own: a property hides the variable of its name', async () => {
    const drive = await Drive.start(sub('', '<bpmn:property id="p" name="total" />'), { total: 1 });
    expect(drive.variables).toEqual({ total: 1 });
  });

  it('leaves variables alone where data objects are only drawn', async () => {
    const drive = await Drive.start(sub(`${objects('total')}${reference('total')}`), { total: 1 });
    expect(drive.variables).toEqual({ total: 5 });
  });

  it('is that of each run, where it runs for many items', async () => {
    const zeebe = (content: string) =>
      extensions(content).replace('Elements>', 'Elements xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">');
    const xml = bpmn(
      `<bpmn:subProcess id="sub">${zeebe('<zeebe:ioMapping><zeebe:input source="=item * 2" target="total" /><zeebe:output source="=total" target="price" /></zeebe:ioMapping>')}
         <bpmn:multiInstanceLoopCharacteristics>${zeebe('<zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="prices" outputElement="=price" />')}</bpmn:multiInstanceLoopCharacteristics>
         <bpmn:scriptTask id="count" scriptFormat="feel"><bpmn:script>{ total: total + 1 }</bpmn:script></bpmn:scriptTask>
       </bpmn:subProcess><bpmn:userTask id="after" />`,
      ['f: sub -> after'],
    );
    const drive = await Drive.start(xml, { items: [1, 2, 3] });
    expect([drive.waitingAt, drive.variables]).toEqual([['after'], { items: [1, 2, 3], prices: [3, 5, 7] }]);
  });

  it('comes in and goes out by mappings', async () => {
    const xml = sub(
      '',
      extensions(
        '<zeebe:ioMapping xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><zeebe:input source="=0" target="total" /><zeebe:output source="=total + start" target="sum" /></zeebe:ioMapping>',
      ),
    );
    const drive = await Drive.start(xml, { start: 2 });
    expect(drive.variables).toEqual({ start: 2, sum: 7 });
  });
});

describe('mappings of other engines', () => {
  const mapping = (content: string) =>
    extensions(`<zeebe:ioMapping xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">${content}</zeebe:ioMapping>`);

  it('give a user task its input, and take only what they name from it', async () => {
    const xml = bpmn(
      `<bpmn:userTask id="a">${mapping('<zeebe:input source="=order.total" target="amount" /><zeebe:output source="=approved" target="order.approved" />')}</bpmn:userTask><bpmn:userTask id="after" />`,
      ['f: a -> after'],
    );
    const drive = await Drive.start(xml, { order: { total: 3 } });
    expect(drive.last('create-task', 'a').input).toEqual({ amount: 3 });
    expect(drive.complete('a', { approved: true, note: '' }).variables).toEqual({
      order: { total: 3, approved: true },
    });
  });

  it('name parts of variables, also of jobs and calls', async () => {
    const xml = bpmn(
      `<bpmn:serviceTask id="a">${mapping('<zeebe:input source="=1" target="order.items.first" /><zeebe:input source="two" target="order.second" /><zeebe:output source="=result.sum" target="order.total" /><zeebe:output source="=2" target="order.tax.rate" />').replace('<zeebe:io', '<zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="charge" /><zeebe:io')}</bpmn:serviceTask>
       <bpmn:callActivity id="b" calledElement="other">${mapping('<zeebe:input source="=order.total" target="what.total" />')}</bpmn:callActivity>`,
      ['f: a -> b'],
    );
    const drive = await Drive.start(xml, { order: { id: 7 } });
    expect(drive.last('create-task', 'a').input).toEqual({ order: { items: { first: 1 }, second: 'two' } });
    drive.complete('a', { sum: 5 });
    expect(drive.variables).toEqual({ order: { id: 7, total: 5, tax: { rate: 2 } } });
    expect(drive.last('start-instance', 'b').variables).toEqual({ what: { total: 5 } });
  });

  it('refuse paths that are none, and deep ones', async () => {
    for (const target of ['a..b', `a${'.b'.repeat(50_000)}`])
      expect(
        await findings(
          'expression',
          bpmn(`<bpmn:userTask id="a">${mapping(`<zeebe:input source="=1" target="${target}" />`)}</bpmn:userTask>`),
        ),
      ).toEqual([['a', expect.stringContaining('is no path of at most 20 names.')]]);
  });

  it('let what a person enters go outwards where there are no outputs', async () => {
    const xml = bpmn(
      `<bpmn:userTask id="a">${mapping('<zeebe:input source="=1" target="amount" />')}</bpmn:userTask><bpmn:userTask id="after" />`,
      ['f: a -> after'],
    );
    expect((await Drive.start(xml)).complete('a', { amount: 2 }).variables).toEqual({ amount: 2 });
  });

  it('choose what events bring', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s">${mapping('<zeebe:output source="=1" target="begun" />')}</bpmn:startEvent>
       <bpmn:userTask id="a" />
       <bpmn:boundaryEvent id="late" attachedToRef="a">${mapping('<zeebe:output source="=why" target="reason" />')}${onMessage('stop')}</bpmn:boundaryEvent>
       <bpmn:intermediateCatchEvent id="wait">${mapping('<zeebe:output source="=id" target="order" />')}${onMessage('order')}</bpmn:intermediateCatchEvent>
       <bpmn:userTask id="after" />`,
      ['f1: s -> a', 'f2: late -> wait', 'f3: wait -> after'],
      message('stop') + message('order'),
    );
    const drive = await Drive.start(xml);
    drive.message('late', { why: 'bored', other: 1 }).message('wait', { id: 7, other: 2 });
    expect(drive.variables).toEqual({ begun: 1, reason: 'bored', order: 7 });
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('let inputs and outputs of camunda stand beside what a task brings', async () => {
    const xml = bpmn(
      `<bpmn:userTask id="a">${extensions(`<camunda:inputOutput xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
         <camunda:inputParameter name="amount">\${order.total}</camunda:inputParameter><camunda:inputParameter name="kind">plain</camunda:inputParameter>
         <camunda:outputParameter name="decision">\${approved}</camunda:outputParameter></camunda:inputOutput>`)}</bpmn:userTask><bpmn:userTask id="after" />`,
      ['f: a -> after'],
    );
    const drive = await Drive.start(xml, { order: { total: 3 } });
    expect(drive.last('create-task', 'a').input).toEqual({ amount: 3, kind: 'plain' });
    expect(drive.complete('a', { approved: true }).variables).toEqual({
      order: { total: 3 },
      approved: true,
      decision: true,
    });
  });
});

describe('data of catching events', () => {
  const output = (name: string, target: string) =>
    `<bpmn:dataOutput id="o_${target}" name="${name}" /><bpmn:dataOutputAssociation><bpmn:sourceRef>o_${target}</bpmn:sourceRef><bpmn:targetRef>${target}</bpmn:targetRef></bpmn:dataOutputAssociation>`;

  it('goes where their associations say, as a part or as a whole', async () => {
    const xml = bpmn(
      `${objects('order', 'receipt', 'total')}${reference('order')}${reference('receipt')}${reference('total')}
       <bpmn:startEvent id="s">${output('all', 'order')}</bpmn:startEvent>
       <bpmn:intermediateCatchEvent id="part">${output('number', 'receipt')}${onMessage('m')}</bpmn:intermediateCatchEvent>
       <bpmn:receiveTask id="whole" messageRef="message_m"><bpmn:ioSpecification><bpmn:dataOutput id="o_total" name="all" /><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification>
         <bpmn:dataOutputAssociation><bpmn:sourceRef>o_total</bpmn:sourceRef><bpmn:targetRef>total</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:receiveTask><bpmn:userTask id="after" />`,
      ['f1: s -> part', 'f2: part -> whole', 'f3: whole -> after'],
      message('m'),
    );
    const drive = await Drive.start(xml, { id: 7 });
    drive.message('part', { number: 'R-1', other: 1 }).message('whole', { sum: 2 });
    expect(drive.variables).toEqual({ id: 7, order: { id: 7 }, receipt: 'R-1', total: { sum: 2 } });
  });
});

describe('data of throwing events', () => {
  it('is what a message carries, instead of all variables', async () => {
    const xml = bpmn(
      `<bpmn:startEvent id="s" /><bpmn:intermediateThrowEvent id="a"><bpmn:dataInput id="in_what" name="what" />
         <bpmn:dataInputAssociation><bpmn:sourceRef>order</bpmn:sourceRef><bpmn:targetRef>in_what</bpmn:targetRef></bpmn:dataInputAssociation>
         ${onMessage('sent')}</bpmn:intermediateThrowEvent>${objects('order')}${reference('order')}<bpmn:userTask id="after" />`,
      ['f1: s -> a', 'f2: a -> after'],
      message('sent'),
    );
    const drive = await Drive.start(xml, { order: 7, secret: 1 });
    expect(drive.last('publish-message', 'a').variables).toEqual({ what: 7 });
  });
});

describe('data of an activity that is left otherwise', () => {
  it('is given up when a boundary event interrupts, and when an error is caught', async () => {
    const xml = bpmn(
      `${objects('order', 'receipt')}${reference('order')}${reference('receipt')}${job('x')}
       <bpmn:userTask id="a">${specification(['what'], ['receipt'])}${into('order', 'what')}${outOf('receipt', 'receipt')}</bpmn:userTask>
       <bpmn:boundaryEvent id="failed" attachedToRef="a">${onError('E')}</bpmn:boundaryEvent><bpmn:userTask id="after" />`,
      ['f1: x -> a', 'f2: failed -> after'],
      error('E'),
    );
    const drive = (await Drive.start(xml, { order: 1 })).complete('x');
    drive.throwError('a', 'E');
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.state.tokens.some(({ locals }) => locals !== undefined)).toBe(false);
    expect(drive.variables).toEqual({ order: 1 });
  });
});
