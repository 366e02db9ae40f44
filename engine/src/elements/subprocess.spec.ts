import { bpmn, flow } from '../../test/bpmn.js';
import { Drive } from '../../test/drive.js';

const around = (content: string) =>
  bpmn(`<bpmn:startEvent id="s" /><bpmn:subProcess id="sub">${content}</bpmn:subProcess><bpmn:userTask id="after" />`, [
    'f1: s -> sub',
    'f2: sub -> after',
  ]);

describe('a subprocess', () => {
  it('is left when its last token is gone', async () => {
    const drive = await Drive.start(
      around(
        `<bpmn:startEvent id="s2" /><bpmn:userTask id="a" /><bpmn:userTask id="b" />${['g1: s2 -> a', 'g2: s2 -> b'].map(flow).join('')}`,
      ),
    );
    expect(drive.waitingAt).toEqual(['a', 'b']);
    expect(drive.view.tokens.find(({ elementId }) => elementId === 'sub')?.waitingFor).toEqual([{ kind: 'children' }]);
    drive.complete('a');
    expect(drive.waitingAt).toEqual(['b']);
    drive.complete('b');
    expect(drive.waitingAt).toEqual(['after']);
  });

  it('starts at every activity that no flow leads to, when it has no start event', async () => {
    const drive = await Drive.start(around('<bpmn:userTask id="a" /><bpmn:userTask id="b" />'));
    expect(drive.waitingAt).toEqual(['a', 'b']);
  });

  it('shares the variables of the process', async () => {
    const drive = await Drive.start(around('<bpmn:userTask id="a" />'), { n: 1 });
    drive.complete('a', { n: 2, m: 3 });
    expect(drive.variables).toEqual({ n: 2, m: 3 });
  });

  it('can be nested, and run again in a loop', async () => {
    const inner = (id: string, content: string) => `<bpmn:subProcess id="${id}">${content}</bpmn:subProcess>`;
    const drive = await Drive.start(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="again" />${inner('x', inner('y', '<bpmn:userTask id="a" />'))}
         <bpmn:exclusiveGateway id="done" default="f5" /><bpmn:endEvent id="e" />`,
        ['f1: s -> again', 'f2: again -> x', 'f3: x -> done', 'f4: done -> again if redo', 'f5: done -> e'],
      ),
    );
    drive.complete('a', { redo: true });
    expect(drive.waitingAt).toEqual(['a']);
    drive.complete('a', { redo: false });
    expect(drive.status).toBe('completed');
    expect(drive.state.scopes).toHaveLength(1);
  });
});
