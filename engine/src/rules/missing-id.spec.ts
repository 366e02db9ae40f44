import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('missing-id', () => {
  it('finds nodes and processes without id', async () => {
    expect(
      await findings('missing-id', bpmn('<bpmn:task /><bpmn:subProcess id="sub"><bpmn:task /></bpmn:subProcess>')),
    ).toEqual([
      [null, 'An element of type bpmn:Task has no id.'],
      [null, 'An element of type bpmn:Task has no id.'],
    ]);
    expect(await findings('missing-id', bpmn('<bpmn:task id="a" />').replace('id="journey"', ''))).toEqual([
      [null, 'An element of type bpmn:Process has no id ("Journey" <>).'],
    ]);
  });

  it('accepts what has one', async () => {
    expect(await findings('missing-id', bpmn('<bpmn:task id="__proto__" />'))).toEqual([]);
  });
});
