import { bpmn, extensions } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('split', () => {
  it('finds arms without weight', async () => {
    expect(
      await findings(
        'split',
        bpmn(
          `<bpmn:exclusiveGateway id="draw">${extensions('<xflow:split />')}</bpmn:exclusiveGateway><bpmn:task id="a" /><bpmn:task id="b" />`,
          ['fa: draw -> a weight 1', 'fb: draw -> b'],
        ),
      ),
    ).toEqual([['fb', 'Sequence flow <fb> of split <draw> has no weight of zero or more.']]);
  });

  it('finds weights that are all zero', async () => {
    expect(
      await findings(
        'split',
        bpmn(
          `<bpmn:exclusiveGateway id="draw">${extensions('<xflow:split />')}</bpmn:exclusiveGateway><bpmn:task id="a" /><bpmn:task id="b" />`,
          ['fa: draw -> a weight 0', 'fb: draw -> b weight 0'],
        ),
      ),
    ).toEqual([['draw', 'All weights of split <draw> are zero.']]);
  });

  it('finds weights elsewhere', async () => {
    expect(await findings('split', bpmn('<bpmn:task id="a" /><bpmn:task id="b" />', ['f: a -> b weight 1']))).toEqual([
      ['f', 'Sequence flow <f> has an xflow:weight, and does not leave a gateway with xflow:split.'],
    ]);
  });

  it('accepts weighted arms', async () => {
    expect(
      await findings(
        'split',
        bpmn(
          `<bpmn:exclusiveGateway id="draw">${extensions('<xflow:split />')}</bpmn:exclusiveGateway><bpmn:task id="a" /><bpmn:task id="b" />`,
          ['fa: draw -> a weight 1', 'fb: draw -> b weight 3'],
        ),
      ),
    ).toEqual([]);
  });
});
