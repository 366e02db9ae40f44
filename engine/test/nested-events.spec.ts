import { bpmn, error, escalation, flow, message, onError, onEscalation, onMessage, onSignal, signal } from './bpmn.js';
import { Drive } from './drive.js';

/* What the standard says of events in scopes within scopes (BPMN 2.0.2, 10.5.6, 10.7, 13.5.3 to 13.5.6). */

const compensate = '<bpmn:compensateEventDefinition />';
const user = (id: string, content = '', attributes = '') =>
  `<bpmn:userTask id="${id}" ${attributes}>${content}</bpmn:userTask>`;
/** A user task with a handler `undo_<id>`; its association stands behind the flows. */
const undoable = (id: string) =>
  `${user(id)}<bpmn:boundaryEvent id="on_${id}" attachedToRef="${id}">${compensate}</bpmn:boundaryEvent>${user(`undo_${id}`, '', 'isForCompensation="true"')}`;
const associated = (id: string) =>
  `<bpmn:association id="as_${id}" associationDirection="One" sourceRef="on_${id}" targetRef="undo_${id}" />`;
const boundary = (id: string, host: string, definition: string, attributes = '') =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}" ${attributes}>${definition}</bpmn:boundaryEvent>`;
const scope = (type: string, id: string, content: string, flows: readonly string[], attributes = '') =>
  `<bpmn:${type} id="${id}" ${attributes}>${content}${flows.map(flow).join('')}</bpmn:${type}>`;
const cancel = '<bpmn:cancelEventDefinition />';
const globals = error('refused') + escalation('late') + message('stop') + signal('alarm');

describe('a transaction within a transaction', () => {
  const inner = scope(
    'transaction',
    'inner',
    `<bpmn:startEvent id="is" />${undoable('b')}<bpmn:exclusiveGateway id="x" /><bpmn:endEvent id="fine" /><bpmn:endEvent id="icancel">${cancel}</bpmn:endEvent>`,
    ['i1: is -> b', 'i2: b -> x', 'i3: x -> icancel if bad = true', 'i4: x -> fine if bad = false'],
  ).replace('</bpmn:transaction>', `${associated('b')}</bpmn:transaction>`);
  const outer = scope(
    'transaction',
    'outer',
    `<bpmn:startEvent id="os" />${undoable('a')}${inner}${boundary('icancelled', 'inner', cancel)}${user('repair')}${user('c')}<bpmn:endEvent id="ocancel">${cancel}</bpmn:endEvent>`,
    [
      'o1: os -> a',
      'o2: a -> inner',
      'o3: inner -> c',
      'o4: c -> ocancel',
      'o5: icancelled -> repair',
      'o6: repair -> ocancel',
    ],
  ).replace(/<\/bpmn:transaction>$/, `${associated('a')}</bpmn:transaction>`);
  const xml = bpmn(
    `<bpmn:startEvent id="s" />${outer}${boundary('ocancelled', 'outer', cancel)}${user('handle')}${user('after')}`,
    ['f1: s -> outer', 'f2: outer -> after', 'f3: ocancelled -> handle'],
  );

  it('that has completed is undone with the outer one, the last first', async () => {
    const drive = await Drive.start(xml, { bad: false });
    for (const id of ['a', 'b', 'c', 'undo_b', 'undo_a']) {
      expect(drive.waitingAt).toEqual([id]);
      drive.complete(id);
    }
    expect(drive.waitingAt).toEqual(['handle']);
  });

  it('that is cancelled undoes its own work only, and is not undone again by the outer one', async () => {
    const drive = await Drive.start(xml, { bad: true });
    for (const id of ['a', 'b', 'undo_b', 'repair', 'undo_a']) {
      expect(drive.waitingAt).toEqual([id]);
      drive.complete(id);
    }
    expect(drive.waitingAt).toEqual(['handle']);
  });
});

describe('compensation that meets other events', () => {
  const handler = `<bpmn:serviceTask id="undo_a" isForCompensation="true"><bpmn:extensionElements><xflow:task type="charge" /></bpmn:extensionElements></bpmn:serviceTask>`;
  const inside = `<bpmn:startEvent id="is" />${undoable('a').replace(/<bpmn:userTask id="undo_a".*<\/bpmn:userTask>/, handler)}<bpmn:intermediateThrowEvent id="throw">${compensate}</bpmn:intermediateThrowEvent>${user('b')}`;
  const xml = (events: string, flows: readonly string[] = []) =>
    bpmn(
      `<bpmn:startEvent id="s" />${scope('subProcess', 'sub', inside, ['i1: is -> a', 'i2: a -> throw', 'i3: throw -> b']).replace('</bpmn:subProcess>', `${associated('a')}</bpmn:subProcess>`)}${events}${user('handle')}${user('after')}`,
      ['f1: s -> sub', 'f2: sub -> after', ...flows],
      globals,
    );

  it('lets an error of a handler be caught around what threw the compensation', async () => {
    const drive = await Drive.start(xml(boundary('caught', 'sub', onError('refused')), ['f3: caught -> handle']));
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['undo_a']);
    drive.throwError('undo_a', 'refused');
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.state.scopes).toHaveLength(1);
  });

  it('ends with the subprocess that is interrupted around it', async () => {
    const drive = await Drive.start(xml(boundary('stopped', 'sub', onMessage('stop')), ['f3: stopped -> handle']));
    drive.complete('a').message('stopped');
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.all('cancel-task')).toHaveLength(1);
  });

  it('keeps an incident of a handler that fails, and goes on with a retry', async () => {
    const drive = await Drive.start(xml(''));
    drive.complete('a').fail('undo_a');
    expect(drive.incident).toMatchObject({ elementId: 'undo_a', type: 'task-failed' });
    drive.resolve({ action: 'retry' }).complete('undo_a');
    expect(drive.waitingAt).toEqual(['b']);
  });
});

describe('an interrupting event subprocess', () => {
  const event = (definition: string, content = user('rescue')) =>
    `<bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="begin">${definition}</bpmn:startEvent>${content}${flow('e1: begin -> rescue')}</bpmn:subProcess>`;

  it('ends what boundary events of its scope have begun beside it, too', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${user('work')}${boundary('heard', 'work', onSignal('alarm'), 'cancelActivity="false"')}${user('beside')}${event(onMessage('stop'))}`,
        ['f1: s -> work', 'f2: heard -> beside'],
        globals,
      ),
    );
    drive.signal('heard');
    expect([...drive.waitingAt].sort()).toEqual(['beside', 'work']);
    drive.message('begin');
    expect(drive.waitingAt).toEqual(['rescue']);
    expect(drive.complete('rescue').status).toBe('completed');
  });

  it('that catches the error of a transaction leaves it as completed, so that it can be undone', async () => {
    const rescued = scope(
      'transaction',
      'tx',
      `<bpmn:startEvent id="is" />${undoable('a')}<bpmn:endEvent id="fail">${onError('refused')}</bpmn:endEvent>${event(onError('refused'))}`,
      ['i1: is -> a', 'i2: a -> fail'],
    ).replace(/<\/bpmn:transaction>$/, `${associated('a')}</bpmn:transaction>`);
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${rescued}${user('check')}<bpmn:endEvent id="back">${compensate}</bpmn:endEvent>`,
        ['f1: s -> tx', 'f2: tx -> check', 'f3: check -> back'],
        globals,
      ),
    );
    for (const id of ['a', 'rescue', 'check', 'undo_a']) {
      expect(drive.waitingAt).toEqual([id]);
      drive.complete(id);
    }
    expect(drive.status).toBe('completed');
  });

  it('lets its own error out of its scope, past the boundary event that it was begun by', async () => {
    const failing = event(onEscalation('late'), `<bpmn:endEvent id="rescue">${onError('refused')}</bpmn:endEvent>`);
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" />${scope('subProcess', 'sub', `<bpmn:startEvent id="is" />${user('work')}<bpmn:endEvent id="tell">${onEscalation('late')}</bpmn:endEvent>${failing}`, ['i1: is -> work', 'i2: work -> tell'])}
         ${boundary('escalated', 'sub', onEscalation('late'))}${boundary('failed', 'sub', onError('refused'))}${user('wrong')}${user('handle')}`,
        ['f1: s -> sub', 'f2: escalated -> wrong', 'f3: failed -> handle'],
        globals,
      ),
    );
    drive.complete('work');
    expect(drive.waitingAt).toEqual(['handle']);
  });
});

describe('an escalation', () => {
  const escalating = (levels: string) =>
    bpmn(
      `<bpmn:startEvent id="s" />${scope(
        'subProcess',
        'outer',
        `<bpmn:startEvent id="os" />${scope('subProcess', 'inner', `<bpmn:startEvent id="is" /><bpmn:intermediateThrowEvent id="tell">${onEscalation('late')}</bpmn:intermediateThrowEvent>${user('work')}`, ['i1: is -> tell', 'i2: tell -> work'])}`,
        ['o1: os -> inner'],
      )}${levels}${user('handle')}${user('after')}`,
      ['f1: s -> outer', 'f2: outer -> after', 'f3: caught -> handle'],
      globals,
    );

  it('goes out through the levels that do not catch it, and leaves what is inside alone', async () => {
    const drive = await Drive.start(
      escalating(boundary('caught', 'outer', onEscalation('late'), 'cancelActivity="false"')),
    );
    expect([...drive.waitingAt].sort()).toEqual(['handle', 'work']);
    expect(drive.all('escalate')).toEqual([]);
  });

  it('that interrupts ends all levels inside', async () => {
    const drive = await Drive.start(escalating(boundary('caught', 'outer', onEscalation('late'))));
    expect(drive.waitingAt).toEqual(['handle']);
    expect(drive.state.scopes).toHaveLength(1);
  });

  it('of one run of a multi-instance subprocess is caught around all runs', async () => {
    const many = scope(
      'subProcess',
      'sub',
      `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
       <bpmn:startEvent id="is" />${user('work')}<bpmn:endEvent id="tell">${onEscalation('late')}</bpmn:endEvent>`,
      ['i1: is -> work', 'i2: work -> tell'],
    );
    const xml = (attributes: string) =>
      bpmn(
        `<bpmn:startEvent id="s" />${many}${boundary('caught', 'sub', onEscalation('late'), attributes)}${user('handle')}${user('after')}`,
        ['f1: s -> sub', 'f2: sub -> after', 'f3: caught -> handle'],
        globals,
      );
    const beside = (await Drive.start(xml('cancelActivity="false"'))).complete('work');
    expect(beside.view.tokens.filter(({ elementId }) => elementId === 'work')).toHaveLength(2);
    expect(beside.waitingAt).toContain('handle');
    const instead = (await Drive.start(xml(''))).complete('work');
    expect(instead.waitingAt).toEqual(['handle']);
  });
});

describe('an error', () => {
  it('of one run of a multi-instance subprocess that nothing catches ends the instance, all runs included', async () => {
    const many = scope(
      'subProcess',
      'sub',
      `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
       <bpmn:startEvent id="is" />${user('work')}<bpmn:endEvent id="fail">${onError('refused')}</bpmn:endEvent>`,
      ['i1: is -> work', 'i2: work -> fail'],
    );
    const drive = await Drive.start(bpmn(`<bpmn:startEvent id="s" />${many}`, ['f1: s -> sub'], globals));
    drive.complete('work');
    expect(drive.status).toBe('error');
    expect(drive.all('end')).toMatchObject([{ outcome: 'error', error: { code: 'refused' } }]);
    expect(drive.all('cancel-task')).toHaveLength(2);
  });

  it('in a run is caught inside of the run, and the others go on', async () => {
    const event = `<bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="begin">${onError('refused')}</bpmn:startEvent>${user('rescue')}${flow('e1: begin -> rescue')}</bpmn:subProcess>`;
    const many = scope(
      'subProcess',
      'sub',
      `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
       <bpmn:startEvent id="is" />${user('work')}<bpmn:endEvent id="fail">${onError('refused')}</bpmn:endEvent>${event}`,
      ['i1: is -> work', 'i2: work -> fail'],
    );
    const drive = await Drive.start(
      bpmn(`<bpmn:startEvent id="s" />${many}${user('after')}`, ['f1: s -> sub', 'f2: sub -> after'], globals),
    );
    drive.complete('work');
    expect([...drive.waitingAt].sort()).toEqual(['rescue', 'work']);
    drive.complete('rescue');
    const [left] = drive.all('create-task').filter(({ elementId }) => elementId === 'work');
    drive.feed({ kind: 'task-completed', at: drive.at, taskId: left!.taskId });
    drive.complete('rescue');
    expect(drive.waitingAt).toEqual(['after']);
  });
});
