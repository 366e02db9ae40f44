import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const undoing = (more: string, flows: readonly string[] = []) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:task id="a" /><bpmn:boundaryEvent id="undo" attachedToRef="a"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
     <bpmn:task id="b" isForCompensation="true" /><bpmn:association id="as" sourceRef="undo" targetRef="b" />${more}`,
    ['f: s -> a', ...flows],
  );

describe('compensation-handler', () => {
  it('finds sequence flows of what only associations lead to', async () => {
    expect(await findings('compensation-handler', undoing('<bpmn:endEvent id="e" />', ['g: b -> e']))).toEqual([
      ['b', '<b> is for compensation, and has the sequence flow <g>: it runs only when something is undone.'],
    ]);
    expect(await findings('compensation-handler', undoing('<bpmn:endEvent id="e" />', ['g: undo -> e']))).toEqual([
      ['undo', 'Compensation boundary event <undo> has the outgoing sequence flow <g>, which nothing would ever take.'],
    ]);
  });

  it('finds an event with two handlers', async () => {
    const more =
      '<bpmn:task id="c" isForCompensation="true" /><bpmn:association id="as2" sourceRef="undo" targetRef="c" />';
    expect(await findings('compensation-handler', undoing(more))).toEqual([
      ['undo', 'Compensation boundary event <undo> is connected to 2 activities, and one undoes what has been done.'],
    ]);
  });

  it('accepts one handler, and a note beside it', async () => {
    const more =
      '<bpmn:textAnnotation id="note"><bpmn:text>Why</bpmn:text></bpmn:textAnnotation><bpmn:association id="as2" sourceRef="undo" targetRef="note" />';
    expect(await findings('compensation-handler', undoing(more))).toEqual([]);
  });
});
