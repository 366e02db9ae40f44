import { bpmn, extensions, flow, timer } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const initially = (list: string) =>
  extensions(`<zeebe:adHoc xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" activeElementsCollection="=${list}" />`);
const adHoc = (attributes: string, condition: string, extension = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:adHocSubProcess id="any" ${attributes}>${extension}
       <bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" />${flow('g: b -> c')}
       ${condition === '' ? '' : `<bpmn:completionCondition>=${condition}</bpmn:completionCondition>`}
     </bpmn:adHocSubProcess>
     <bpmn:boundaryEvent id="late" attachedToRef="any">${timer('P1D')}</bpmn:boundaryEvent>
     <bpmn:userTask id="after" /><bpmn:userTask id="caught" />`,
    ['f1: s -> any', 'f2: any -> after', 'f3: late -> caught'],
  );
const activate = (drive: Drive, elementId: string, variables = {}) =>
  drive.feed({ kind: 'activate', at: drive.at, elementId, variables });

describe('an ad-hoc subprocess', () => {
  it('begins activities when they are asked for, also more than once', async () => {
    const drive = await Drive.start(adHoc('', 'done'), { done: false });
    expect(drive.waitingAt).toEqual([]);
    expect(drive.status).toBe('active');
    activate(activate(drive, 'a'), 'a', { n: 1 });
    expect(drive.all('create-task')).toHaveLength(2);
    expect(drive.variables).toEqual({ done: false, n: 1 });
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['a']);
  });

  it('waits for more while its condition is false', async () => {
    const drive = await Drive.start(adHoc('', 'done'), { done: false });
    activate(drive, 'a').complete('a');
    expect(drive.status).toBe('active');
    activate(drive, 'a').complete('a', { done: true });
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.state.scopes).toHaveLength(1);
  });

  it('cancels what still runs when its condition is true', async () => {
    const drive = await Drive.start(adHoc('', 'done'), { done: false });
    activate(activate(drive, 'a'), 'b').complete('a', { done: true });
    expect(drive.waitingAt).toEqual(['after']);
    expect(drive.all('cancel-task')).toHaveLength(1);
  });

  it('waits for what still runs where that is not to be cancelled, and begins nothing more', async () => {
    const drive = await Drive.start(adHoc('cancelRemainingInstances="false"', 'done'), { done: false });
    activate(activate(drive, 'a'), 'b').complete('a', { done: true });
    expect(drive.waitingAt).toEqual(['b']);
    const { state } = drive;
    expect(activate(drive, 'a').state).toEqual(state);
    drive.complete('b');
    expect(drive.waitingAt).toEqual(['c']);
    drive.complete('c');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('begins with a list, and without a condition is complete when all of it has ended', async () => {
    const drive = await Drive.start(adHoc('', '', initially('list')), { list: ['a', 'b'] });
    expect(drive.waitingAt).toEqual(['a', 'b']);
    drive.complete('a').complete('b').complete('c');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('runs one at a time when it is sequential', async () => {
    const drive = await Drive.start(adHoc('ordering="Sequential"', '', initially('list')), { list: ['a', 'b'] });
    activate(drive, 'a');
    expect(drive.waitingAt).toEqual(['a']);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['b']);
    drive.complete('b').complete('c');
    expect(drive.waitingAt).toEqual(['a']);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it.each([
    ['no list', 'a'],
    ['an activity that a flow leads to', ['c']],
    ['an unknown activity', ['__proto__']],
  ])('raises an incident for %s', async (_, list) => {
    const drive = await Drive.start(adHoc('', '', initially('list')), { list });
    expect(drive.incident.type).toBe('expression-failed');
    expect(drive.resolve({ action: 'retry' }, { list: ['a'] }).waitingAt).toEqual(['a']);
  });

  it('keeps an incident of its condition until a retry', async () => {
    const drive = await Drive.start(adHoc('', 'done'), { done: 'perhaps' });
    activate(drive, 'a').complete('a');
    expect(drive.incident.type).toBe('expression-failed');
    expect(drive.resolve({ action: 'retry' }, { done: true }).waitingAt).toEqual(['after']);
  });

  it('is interrupted with all that runs in it', async () => {
    const drive = await Drive.start(adHoc('', 'done'), { done: false });
    activate(drive, 'a').timer('late');
    expect(drive.waitingAt).toEqual(['caught']);
    const { state } = drive;
    expect(activate(drive, 'a').state).toEqual(state);
  });

  it.each(['s', 'any', 'c', 'unknown', '__proto__'])('takes no notice of asking for %s', async (id) => {
    const drive = await Drive.start(adHoc('', 'done'), { done: false });
    const { state } = drive;
    expect(activate(drive, id).state).toEqual(state);
  });

  it('begins intermediate events that no flow leads to', async () => {
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:adHocSubProcess id="any">${initially('[&quot;note&quot;]')}<bpmn:intermediateThrowEvent id="note" /><bpmn:userTask id="a" />
         <bpmn:intermediateCatchEvent id="wait">${timer('PT1H')}</bpmn:intermediateCatchEvent>${flow('g: note -> a')}</bpmn:adHocSubProcess><bpmn:userTask id="after" />`,
        ['f1: s -> any', 'f2: any -> after'],
      ),
    );
    expect(drive.waitingAt).toEqual(['a']);
    activate(drive, 'wait');
    expect(drive.complete('a').waitingAt).toEqual(['wait']);
    expect(drive.timer('wait').waitingAt).toEqual(['after']);
  });

  it('is compensated by what has completed in it, and begins nothing meanwhile', async () => {
    const undone = (id: string) =>
      `<bpmn:userTask id="${id}" /><bpmn:boundaryEvent id="on_${id}" attachedToRef="${id}"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:userTask id="undo_${id}" isForCompensation="true" />`;
    const associated = (id: string) =>
      `<bpmn:association id="as_${id}" associationDirection="One" sourceRef="on_${id}" targetRef="undo_${id}" />`;
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:adHocSubProcess id="any">${initially('[&quot;a&quot;, &quot;b&quot;]')}${undone('a')}${undone('b')}${associated('a')}${associated('b')}</bpmn:adHocSubProcess>
         <bpmn:endEvent id="e"><bpmn:compensateEventDefinition /></bpmn:endEvent>`,
        ['f1: s -> any', 'f2: any -> e'],
      ),
    );
    drive.complete('a').complete('b');
    expect(activate(drive, 'a').waitingAt).toEqual(['undo_b']);
    expect(drive.complete('undo_b').complete('undo_a').status).toBe('completed');
  });
});
