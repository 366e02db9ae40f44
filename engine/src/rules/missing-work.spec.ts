import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('missing-work', () => {
  it('finds tasks that do nothing', async () => {
    expect(await findings('missing-work', bpmn(inARow('<bpmn:serviceTask id="it" />')))).toEqual([
      ['it', 'Service task <it> does not say what to do, so instances pass through it.'],
    ]);
  });

  it('finds messages that say nothing', async () => {
    expect(
      await findings(
        'missing-work',
        bpmn('<bpmn:startEvent id="start" /><bpmn:endEvent id="end"><bpmn:messageEventDefinition /></bpmn:endEvent>', [
          'f: start -> end',
        ]),
      ),
    ).toEqual([['end', 'Message event <end> does not say what to do, so instances pass through it.']]);
  });

  it('accepts plain tasks and events', async () => {
    expect(await findings('missing-work', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([]);
  });
});
