import { bpmn, flow, message, onMessage } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const content = `<bpmn:startEvent id="paid">${onMessage('paid')}</bpmn:startEvent><bpmn:endEvent id="done" />${flow('f: paid -> done')}`;
const process = (flows: readonly string[]) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:endEvent id="e" /><bpmn:subProcess id="sub" triggeredByEvent="true">${content}</bpmn:subProcess>`,
    ['main: s -> e', ...flows],
    message('paid'),
  );

describe('event-subprocess', () => {
  it('finds those in the normal flow', async () => {
    expect(await findings('event-subprocess', process(['in: s -> sub']))).toEqual([
      ['sub', 'Event subprocess <sub> has an incoming sequence flow, and is begun by its start event alone.'],
    ]);
    expect(await findings('event-subprocess', process(['out: sub -> e']))).toEqual([
      ['sub', 'Event subprocess <sub> has an outgoing sequence flow, and is begun by its start event alone.'],
    ]);
  });

  it('accepts those beside it', async () => {
    expect(await findings('event-subprocess', process([]))).toEqual([]);
  });
});
