import { bpmn, compileOne } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('sequence-flow', () => {
  it('finds flows that lead nowhere', async () => {
    expect(
      await findings(
        'sequence-flow',
        bpmn('<bpmn:startEvent id="start" /><bpmn:sequenceFlow id="lost" sourceRef="start" />'),
      ),
    ).toEqual([['lost', 'Sequence flow <lost> leads nowhere.']]);
  });

  it('finds flows over the border of a subprocess', async () => {
    expect(
      await findings(
        'sequence-flow',
        bpmn('<bpmn:startEvent id="start" /><bpmn:subProcess id="sub"><bpmn:task id="inner" /></bpmn:subProcess>', [
          'over: start -> inner',
        ]),
      ),
    ).toEqual([
      [
        'over',
        'Sequence flow <over> is connected to <inner>, which is not an element of the same process or subprocess.',
      ],
    ]);
  });

  it('finds flows against the direction of events', async () => {
    expect(
      await findings(
        'sequence-flow',
        bpmn('<bpmn:startEvent id="start" /><bpmn:endEvent id="end" />', ['back: end -> start']),
      ),
    ).toEqual([['back', 'Sequence flow <back> leaves the end event <end>.']]);
  });

  it('leaves references to nothing to the parser', async () => {
    expect(await findings('sequence-flow', bpmn('<bpmn:startEvent id="start" />', ['lost: start -> nothing']))).toEqual(
      [],
    );
  });

  it('accepts flows without ids, and names them by their ends', async () => {
    const nameless = '<bpmn:sequenceFlow sourceRef="s" targetRef="t" />';
    const { flows } = await compileOne(
      bpmn(
        `<bpmn:startEvent id="s" /><bpmn:task id="t" />${nameless}${nameless}<bpmn:task id="s-t-2" /><bpmn:sequenceFlow sourceRef="t" targetRef="s-t-2" />`,
      ),
    );
    expect([...flows.keys()]).toEqual(['s-t', 's-t-3', 't-s-t-2']);
  });

  it('accepts a flow between two elements', async () => {
    expect(await findings('sequence-flow', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([]);
  });
});
