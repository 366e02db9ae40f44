import { bpmn } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

describe('a task without work', () => {
  it('is passed at once', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:task id="a" /><bpmn:manualTask id="b" />', ['f1: s -> a', 'f2: a -> b']),
    );
    expect(drive.passed).toEqual(['s', 'a', 'b']);
    expect(drive.status).toBe('completed');
  });

  it('forks by several outgoing flows, conditional and default ones too', async () => {
    const xml = bpmn(
      '<bpmn:startEvent id="s" /><bpmn:task id="t" default="f5" /><bpmn:userTask id="a" /><bpmn:userTask id="b" /><bpmn:userTask id="c" /><bpmn:userTask id="d" />',
      ['f1: s -> t', 'f2: t -> a', 'f3: t -> b if n > 1', 'f4: t -> c if n > 2', 'f5: t -> d'],
    );
    expect((await Drive.start(xml, { n: 3 })).waitingAt).toEqual(['a', 'b', 'c']);
    expect((await Drive.start(xml, { n: 0 })).waitingAt).toEqual(['a', 'd']);
  });

  it('that only conditional flows leave becomes an incident when none is true', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:task id="t" /><bpmn:userTask id="a" />', [
        'f1: s -> t',
        'f2: t -> a if n > 1',
      ]),
      { n: 1 },
    );
    expect(drive.incident).toMatchObject({ type: 'no-flow-chosen', elementId: 't', choices: ['f2'] });
    drive.resolve({ action: 'take-flow', flowId: 'f2' });
    expect(drive.waitingAt).toEqual(['a']);
  });

  it('merges several incoming flows without waiting', async () => {
    const drive = await Drive.start(
      bpmn('<bpmn:startEvent id="s" /><bpmn:userTask id="a" />', ['f1: s -> a', 'f2: s -> a']),
    );
    expect(drive.view.tokens.map(({ elementId }) => elementId)).toEqual(['a', 'a']);
  });
});
