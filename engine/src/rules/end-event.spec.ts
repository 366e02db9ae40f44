import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('end-event', () => {
  it('finds processes without one', async () => {
    expect(await findings('end-event', bpmn('<bpmn:startEvent id="start" />'))).toEqual([
      ['journey', '"Journey" <journey> has no end event.'],
    ]);
  });

  it('accepts processes with one', async () => {
    expect(await findings('end-event', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([]);
  });
});
