import { bpmn, cycle, extensions } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('expression', () => {
  it('finds syntax errors', async () => {
    expect(
      await findings('expression', bpmn('<bpmn:task id="a" /><bpmn:task id="b" />', ['f: a -> b if amount >'])),
    ).toEqual([
      [
        'f',
        '<f> has a mistake in the condition. The expression amount > cannot be used: it is not understood at its end.',
      ],
    ]);
  });

  it('finds foreign expressions that are too much', async () => {
    expect(
      await findings(
        'expression',
        bpmn(
          '<bpmn:task id="a" /><bpmn:task id="b" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:conditionExpression>${order.pay() and true}</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
      ),
    ).toEqual([
      [
        'f',
        '<f> has a mistake in the condition. ${order.pay() and true} is an expression of another engine whose meaning is not certain here: it is more than variables, literals, comparisons and arithmetic of numbers.',
      ],
    ]);
  });

  it('finds conditions in another language', async () => {
    expect(
      await findings(
        'expression',
        bpmn(
          '<bpmn:task id="a" /><bpmn:task id="b" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="groovy">a == b</bpmn:conditionExpression></bpmn:sequenceFlow>',
        ),
      ),
    ).toEqual([['f', '<f> has a mistake in the condition. The condition is written in groovy.']]);
  });

  it('finds what says nothing about missed firings', async () => {
    const start = `<bpmn:startEvent id="s">${extensions('<xflow:cycle missed="some" />')}${cycle('R/P1D')}</bpmn:startEvent>`;
    expect(await findings('expression', bpmn(start))).toEqual([
      ['s', '<s> has a mistake in xflow:cycle. "some" says nothing about missed firings.'],
    ]);
  });

  it('accepts FEEL, and plain foreign expressions', async () => {
    expect(
      await findings(
        'expression',
        bpmn(
          '<bpmn:task id="a" /><bpmn:task id="b" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:conditionExpression>${amount >= 100}</bpmn:conditionExpression></bpmn:sequenceFlow>',
          ['g: a -> b if segment("vip")'],
        ),
      ),
    ).toEqual([]);
  });
});
