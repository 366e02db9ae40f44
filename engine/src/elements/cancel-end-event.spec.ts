import { bpmn, error, flow, job, message, onMessage } from '../../test/bpmn.js';
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

describe('a transaction', () => {
  const transaction = (boundary: string) =>
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:transaction id="sub"><bpmn:startEvent id="s2" /><bpmn:parallelGateway id="fork" />${undone('a')}${undone('b')}
      ${user('decide')}${user('busy')}<bpmn:endEvent id="cancel"><bpmn:cancelEventDefinition /></bpmn:endEvent>
      ${['g1: s2 -> a', 'g2: a -> b', 'g3: b -> fork', 'g4: fork -> decide', 'g5: fork -> busy', 'g6: decide -> cancel'].map(flow).join('')}${associated('a', 'b')}</bpmn:transaction>
      ${boundary}${user('after')}${user('cancelled')}`,
      ['f1: s -> sub', 'f2: sub -> after', ...(boundary === '' ? [] : ['f3: caught -> cancelled'])],
      message('stop') + error('refused'),
    );
  const onCancel = `<bpmn:boundaryEvent id="caught" attachedToRef="sub"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>`;

  it('that is cancelled undoes what has completed in it, and is left by its cancel boundary event', async () => {
    const drive = await Drive.start(transaction(onCancel));
    drive.complete('a').complete('b').complete('decide');
    expect(drive.waitingAt).toEqual(['undo_b']);
    expect(drive.all('cancel-task')).toHaveLength(1);
    drive.complete('undo_b').complete('undo_a');
    expect(drive.waitingAt).toEqual(['cancelled']);
    expect(drive.view.tokens).toHaveLength(1);
  });

  it('without a cancel boundary event ends there', async () => {
    const drive = await Drive.start(transaction(''));
    drive.complete('a').complete('b').complete('decide').complete('undo_b').complete('undo_a');
    expect(drive.status).toBe('completed');
    expect(drive.passed).not.toContain('after');
  });

  it('that completes is left like a subprocess, and one that is interrupted undoes nothing', async () => {
    const stop = `<bpmn:boundaryEvent id="caught" attachedToRef="sub">${onMessage('stop')}</bpmn:boundaryEvent>`;
    const drive = await Drive.start(transaction(stop));
    drive.complete('a').message('caught');
    expect(drive.waitingAt).toEqual(['cancelled']);
  });

  it('that runs many times is undone in all runs under way, whichever is cancelled, with what each run had for itself', async () => {
    const many = `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>list</bpmn:loopDataInputRef><bpmn:inputDataItem id="item" name="item" /></bpmn:multiInstanceLoopCharacteristics>`;
    const undo = job('undo_a', '<xflow:input name="item" value="=item" />').replace('>', ' isForCompensation="true">');
    const drive = await Drive.start(
      bpmn(
        `<bpmn:dataObject id="list" /><bpmn:startEvent id="s" /><bpmn:transaction id="sub">${many}<bpmn:startEvent id="s2" />${undone('a', user('a'), undo)}${user('decide')}
        <bpmn:endEvent id="cancel"><bpmn:cancelEventDefinition /></bpmn:endEvent>${['g1: s2 -> a', 'g2: a -> decide', 'g3: decide -> cancel'].map(flow).join('')}${associated('a')}</bpmn:transaction>
        ${onCancel}${user('after')}${user('cancelled')}`,
        ['f1: s -> sub', 'f2: sub -> after', 'f3: caught -> cancelled'],
      ),
      { list: ['x', 'y', 'z'] },
    );
    const [first, second] = drive.all('create-task').map(({ taskId }) => taskId);
    for (const taskId of [first!, second!]) drive.feed({ kind: 'task-completed', at: drive.at, taskId, result: null });
    drive.complete('decide');
    // The run that is cancelled, then the others; the third has completed nothing.
    for (let run = 0; run < 2; run += 1) drive.complete('undo_a');
    const undos = drive.all('create-task').filter(({ elementId }) => elementId === 'undo_a');
    expect(undos.map((effect) => 'input' in effect && effect.input)).toEqual([{ item: 'y' }, { item: 'x' }]);
    expect(drive.waitingAt).toEqual(['cancelled']);
    expect(drive.view.tokens).toHaveLength(1);
  });
});
