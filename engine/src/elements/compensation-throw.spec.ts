import { bpmn, error, flow, onError } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const onCompensation = (attributes = '') => `<bpmn:compensateEventDefinition ${attributes} />`;
const user = (id: string, content = '', attributes = '') =>
  `<bpmn:userTask id="${id}" ${attributes}>${content}</bpmn:userTask>`;
/** `activity` with a handler `undo_<id>`. */
const undone = (id: string, activity = user(id), handler = user(`undo_${id}`, '', 'isForCompensation="true"')) =>
  `${activity}<bpmn:boundaryEvent id="on_${id}" attachedToRef="${id}">${onCompensation()}</bpmn:boundaryEvent>${handler}`;
/** Associations come behind the other elements of a scope. */
const associated = (...ids: string[]) =>
  ids
    .map(
      (id) =>
        `<bpmn:association id="as_${id}" associationDirection="One" sourceRef="on_${id}" targetRef="undo_${id}" />`,
    )
    .join('');
const throwing = (attributes = '') =>
  `<bpmn:intermediateThrowEvent id="throw">${onCompensation(attributes)}</bpmn:intermediateThrowEvent>`;

const journey = (thrower: string, nodes = undone('a') + undone('b') + undone('c')) =>
  bpmn(
    `<bpmn:startEvent id="s" />${nodes}${thrower}${user('after')}`,
    ['f1: s -> a', 'f2: a -> b', 'f3: b -> throw', 'f4: throw -> after'],
    '',
  ).replace('</bpmn:process>', `${associated('a', 'b', 'c')}</bpmn:process>`);

describe('a compensation throw event', () => {
  it('undoes what has completed, the last first, each once, and then goes on', async () => {
    const drive = await Drive.start(journey(throwing()));
    drive.complete('a').complete('b');
    expect(drive.waitingAt).toEqual(['undo_b']);
    drive.complete('undo_b');
    expect(drive.waitingAt).toEqual(['undo_a']);
    drive.complete('undo_a');
    expect(drive.waitingAt).toEqual(['after']);
    expect(JSON.stringify(drive.state)).not.toContain('compensables');
    drive.complete('after');
    expect(drive.status).toBe('completed');
  });

  it('undoes one activity where it names one', async () => {
    const drive = await Drive.start(journey(throwing('activityRef="a"')));
    drive.complete('a').complete('b');
    expect(drive.waitingAt).toEqual(['undo_a']);
    drive.complete('undo_a');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('goes on at once when the activity it names has not completed', async () => {
    const drive = await Drive.start(journey(throwing('activityRef="c"')));
    expect(drive.complete('a').complete('b').waitingAt).toEqual(['after']);
  });

  it('does not wait when it need not', async () => {
    const drive = await Drive.start(journey(throwing('waitForCompletion="false"')));
    drive.complete('a').complete('b');
    expect([...drive.waitingAt].sort()).toEqual(['after', 'undo_b']);
    drive.complete('after').complete('undo_b').complete('undo_a');
    expect(drive.status).toBe('completed');
  });

  it('is closed with everything that it does', async () => {
    const drive = await Drive.start(journey(throwing()));
    drive.complete('a').complete('b').cancel();
    expect(drive.status).toBe('cancelled');
    expect(drive.all('cancel-task')).toHaveLength(1);
  });
});

const subprocess = (content: string) => `<bpmn:subProcess id="a">${content}</bpmn:subProcess>`;

describe('the compensation of a subprocess', () => {
  it('undoes what has completed in it', async () => {
    const inner = `${undone('x')}${undone('y')}${flow('g1: x -> y')}${associated('x', 'y')}`;
    const xml = bpmn(`<bpmn:startEvent id="s" />${subprocess(inner)}${undone('b')}${throwing()}${user('after')}`, [
      'f1: s -> a',
      'f2: a -> b',
      'f3: b -> throw',
      'f4: throw -> after',
    ]).replace('</bpmn:process>', `${associated('b')}</bpmn:process>`);
    const drive = await Drive.start(xml);
    drive.complete('x').complete('y').complete('b');
    for (const handler of ['undo_b', 'undo_y', 'undo_x']) {
      expect(drive.waitingAt).toEqual([handler]);
      drive.complete(handler);
    }
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('is up to its compensation event subprocess, which may undo what has completed in it', async () => {
    const event = `<bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="begin">${onCompensation()}</bpmn:startEvent>
      ${user('inform')}<bpmn:endEvent id="rest">${onCompensation()}</bpmn:endEvent>${flow('e1: begin -> inform')}${flow('e2: inform -> rest')}</bpmn:subProcess>`;
    const inner = `${undone('x')}${event}${associated('x')}`;
    const xml = bpmn(`<bpmn:startEvent id="s" />${subprocess(inner)}${throwing('activityRef="a"')}${user('after')}`, [
      'f1: s -> a',
      'f3: a -> throw',
      'f4: throw -> after',
    ]);
    const drive = await Drive.start(xml);
    drive.complete('x');
    expect(drive.waitingAt).toEqual(['inform']);
    drive.complete('inform');
    expect(drive.waitingAt).toEqual(['undo_x']);
    drive.complete('undo_x');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('happens from an event subprocess of the process, too', async () => {
    const event = `<bpmn:subProcess id="event" triggeredByEvent="true"><bpmn:startEvent id="begin">${onError('refused')}</bpmn:startEvent>
      <bpmn:endEvent id="rest">${onCompensation()}</bpmn:endEvent>${flow('e1: begin -> rest')}</bpmn:subProcess>`;
    const xml = bpmn(
      `<bpmn:startEvent id="s" />${undone('a')}<bpmn:endEvent id="fail">${onError('refused')}</bpmn:endEvent>${event}`,
      ['f1: s -> a', 'f3: a -> fail'],
      error('refused'),
    ).replace('</bpmn:process>', `${associated('a')}</bpmn:process>`);
    const drive = await Drive.start(xml);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['undo_a']);
    drive.complete('undo_a');
    expect(drive.status).toBe('completed');
  });
});

describe('an activity that runs many times', () => {
  it('is undone once for each run, with the item of the run', async () => {
    const loop = `<bpmn:multiInstanceLoopCharacteristics xmlns:camunda="http://camunda.org/schema/1.0/bpmn" isSequential="true" camunda:collection="orders" camunda:elementVariable="order" />`;
    const undo = `<bpmn:userTask id="undo_a" isForCompensation="true" />`;
    const drive = await Drive.start(
      journey(throwing(), undone('a', user('a', loop), undo) + undone('b') + undone('c')),
      { orders: ['x', 'y'] },
    );
    drive.complete('a').complete('a').complete('b').complete('undo_b');
    expect(drive.state.scopes.at(-1)?.variables).toMatchObject({ order: 'y' });
    drive.complete('undo_a');
    expect(drive.state.scopes.at(-1)?.variables).toMatchObject({ order: 'x' });
    drive.complete('undo_a');
    expect(drive.waitingAt).toEqual(['after']);
  });
});

describe('what is remembered', () => {
  const task = (id: string, attributes = '') => `<bpmn:task id="${id}" ${attributes} />`;

  it('is bounded: a loop that completes one activity without end stops with an incident', async () => {
    const activity = undone('a', task('a'), task('undo_a', 'isForCompensation="true"'));
    const xml = bpmn(`<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" />${activity}`, [
      'f1: s -> x',
      'f2: x -> a',
      'f3: a -> x',
    ]).replace('</bpmn:process>', `${associated('a')}</bpmn:process>`);
    const drive = await Drive.start(xml);
    expect(drive.incident).toMatchObject({ type: 'bound-reached', elementId: 'a' });
    expect(drive.incident.reason).toContain('10000 completed activities');
    expect(drive.state.scopes[0]?.compensables).toHaveLength(10_000);
    drive.resolve({ action: 'retry' });
    expect(drive.incident).toMatchObject({ type: 'bound-reached', elementId: 'a' });
  });

  it('is the subprocess alone, where its own handler undoes all of it', async () => {
    const inside = `<bpmn:startEvent id="begin" />${undone('a')}${flow('e: begin -> a')}${associated('a')}`;
    const xml = bpmn(
      `<bpmn:startEvent id="s" />${undone('b', `<bpmn:subProcess id="b">${inside}</bpmn:subProcess>`)}${throwing()}`,
      ['f1: s -> b', 'f2: b -> throw'],
    ).replace('</bpmn:process>', `${associated('b')}</bpmn:process>`);
    const drive = await Drive.start(xml);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['undo_b']);
    expect(JSON.stringify(drive.state)).not.toContain('undo_a');
  });
});
