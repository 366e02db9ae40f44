import { bpmn, error, extensions, onError } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';
import type { CallEndedInput } from '../input.js';

const xml = (content = '', more = '') =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:callActivity id="call" calledElement="other">${content}</bpmn:callActivity>${more}<bpmn:userTask id="after" />`,
    ['f1: s -> call', 'f2: call -> after', ...(more === '' ? [] : ['f3: event -> caught'])],
    error('refused'),
  );
const mappings = extensions(
  `<xflow:task><xflow:input name="id" value="=orderId" /><xflow:output name="total" value="=result.sum" /></xflow:task>`,
);
const catching = `<bpmn:boundaryEvent id="event" attachedToRef="call">${onError('refused')}</bpmn:boundaryEvent><bpmn:userTask id="caught" />`;

const ended = (drive: Drive, end: Omit<CallEndedInput, 'kind' | 'at' | 'callId'>) =>
  drive.feed({ kind: 'call-ended', at: drive.at, callId: drive.last('start-instance', 'call').callId, ...end });

describe('a call activity', () => {
  it('starts an instance with all variables, and takes all of its variables back', async () => {
    const drive = await Drive.start(xml(), { a: 1 });
    expect(drive.last('start-instance', 'call')).toMatchObject({ workflowKey: 'other', variables: { a: 1 } });
    expect(drive.view.tokens[0]?.waitingFor).toEqual([{ kind: 'call', detail: 'other' }]);
    ended(drive, { outcome: 'completed', variables: { a: 2, b: 3 } });
    expect(drive.variables).toEqual({ a: 2, b: 3 });
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('maps what goes in and what comes back', async () => {
    const drive = await Drive.start(xml(mappings), { orderId: 7 });
    expect(drive.last('start-instance', 'call').variables).toEqual({ id: 7 });
    ended(drive, { outcome: 'terminated', variables: { sum: 12, other: 1 } });
    expect(drive.variables).toEqual({ orderId: 7, total: 12 });
  });

  it.each([
    ['<zeebe:calledElement processId="other" />', { a: 1, b: 2 }, { a: 1, b: 2, c: 3 }],
    [
      '<zeebe:calledElement processId="other" propagateAllChildVariables="false" propagateAllParentVariables="false" />',
      {},
      { a: 1, b: 2 },
    ],
    [
      '<zeebe:calledElement processId="other" /><zeebe:ioMapping><zeebe:input source="=a + 1" target="x" /><zeebe:output source="=c" target="y" /></zeebe:ioMapping>',
      { a: 1, b: 2, x: 2 },
      { a: 1, b: 2, y: 3 },
    ],
    [
      '<camunda:in source="a" target="x" /><camunda:in variables="all" /><camunda:out source="c" target="y" /><camunda:out variables="all" />',
      { a: 1, b: 2, x: 1 },
      { a: 1, b: 2, c: 3, y: 3 },
    ],
    ['<camunda:in source="a" target="x" />', { x: 1 }, { a: 1, b: 2, c: 3 }],
  ])('takes %s as their engines do', async (content, input, output) => {
    const foreign = extensions(content).replace(
      '<bpmn:extensionElements',
      '<bpmn:extensionElements xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
    );
    const drive = await Drive.start(xml(foreign), { a: 1, b: 2 });
    expect(drive.last('start-instance', 'call').variables).toEqual(input);
    ended(drive, { outcome: 'completed', variables: { c: 3 } });
    expect(drive.variables).toEqual(output);
  });

  it('throws the error that the called process ended with', async () => {
    const drive = await Drive.start(xml('', catching));
    ended(drive, { outcome: 'error', error: { code: 'refused' } });
    expect(drive.waitingAt).toEqual(['caught']);
  });

  it('passes an error that it does not catch on to its own caller', async () => {
    const drive = await Drive.start(xml('', catching));
    ended(drive, { outcome: 'error', error: { code: 'other', message: 'No.' } });
    expect(drive.status).toBe('error');
    expect(drive.all('end')).toMatchObject([{ outcome: 'error', error: { code: 'other', message: 'No.' } }]);
  });

  it('becomes an incident when the called instance was cancelled or did not start, and calls again on a retry', async () => {
    const drive = await Drive.start(xml());
    ended(drive, { outcome: 'not-started', error: { code: 'gone', message: 'There is no workflow "other".' } });
    expect(drive.incident).toMatchObject({ type: 'call-failed', elementId: 'call' });
    expect(drive.incident.reason).toContain('There is no workflow "other".');
    drive.resolve({ action: 'retry' });
    expect(drive.all('start-instance')).toHaveLength(2);
  });

  it('takes the called instance along when it is cancelled', async () => {
    const drive = (await Drive.start(xml())).cancel();
    expect(drive.all('cancel-instance')).toEqual([
      { kind: 'cancel-instance', callId: drive.last('start-instance', 'call').callId },
    ]);
  });
});

describe('a call activity that names a global task', () => {
  const calling = (globals: string) =>
    bpmn(
      '<bpmn:startEvent id="s" /><bpmn:callActivity id="work" calledElement="shared" /><bpmn:userTask id="done" />',
      ['f1: s -> work', 'f2: work -> done'],
      globals,
    );

  it('is the task of a person', async () => {
    const drive = await Drive.start(calling('<bpmn:globalUserTask id="shared" />'));
    expect(drive.last('create-task', 'work').taskKind).toBe('user');
    expect(drive.complete('work', { n: 1 }).waitingAt).toEqual(['done']);
    expect(drive.variables).toEqual({ n: 1 });
  });

  it('runs its script', async () => {
    const script = '<bpmn:globalScriptTask id="shared" script="return { n: 1 + 1 }" />';
    const drive = await Drive.start(calling(script));
    expect(drive.variables).toEqual({ n: 2 });
    expect(drive.waitingAt).toEqual(['done']);
  });

  it('runs its script where it is an element, as the schema of BPMN has it', async () => {
    const script =
      '<bpmn:globalScriptTask id="shared" scriptLanguage="feel"><bpmn:script>{ n: 2 }</bpmn:script></bpmn:globalScriptTask>';
    expect((await Drive.start(calling(script))).variables).toEqual({ n: 2 });
  });

  it('asks its decision', async () => {
    const rule = `<bpmn:globalBusinessRuleTask id="shared">${extensions('<xflow:decision ref="tier" />')}</bpmn:globalBusinessRuleTask>`;
    const drive = await Drive.start(calling(rule));
    expect(drive.last('ask', 'work').question).toMatchObject({ kind: 'decision', decision: 'tier' });
    expect(drive.definition.references.decisions).toEqual([{ name: 'tier', elementId: 'work' }]);
  });

  it('passes a task without work', async () => {
    expect((await Drive.start(calling('<bpmn:globalManualTask id="shared" />'))).waitingAt).toEqual(['done']);
  });
});
