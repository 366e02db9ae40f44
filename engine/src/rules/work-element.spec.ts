import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('work-element', () => {
  it('finds two works on one element', async () => {
    expect(
      await findings(
        'work-element',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:tag add="a" /><xflow:segmentCheck segment="vip" />')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([['it', '<it> is to do more than one thing: xflow:tag, xflow:segmentCheck.']]);
  });

  it('finds work that nobody would do', async () => {
    expect(
      await findings(
        'work-element',
        bpmn(inARow(`<bpmn:userTask id="it">${extensions('<xflow:task type="tag" />')}</bpmn:userTask>`)),
      ),
    ).toEqual([['it', '<it> has xflow:task, which is not executed here.']]);
  });

  it('accepts one work', async () => {
    expect(
      await findings(
        'work-element',
        bpmn(inARow(`<bpmn:serviceTask id="it">${extensions('<xflow:tag add="a" />')}</bpmn:serviceTask>`)),
      ),
    ).toEqual([]);
  });
});
