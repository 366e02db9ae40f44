import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const gateway = (flow: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="g" default="${flow}" /><bpmn:endEvent id="a" /><bpmn:endEvent id="b" />`,
    ['in: s -> g', 'f1: g -> a if x', 'f2: g -> b'],
  );

describe('default-flow', () => {
  it('finds defaults that leave another element', async () => {
    expect(await findings('default-flow', gateway('in'))).toEqual([
      ['g', '<g> has the default flow <in>, which does not leave it.'],
    ]);
  });

  it('accepts a flow of its own, and none', async () => {
    expect(await findings('default-flow', gateway('f2'))).toEqual([]);
    expect(await findings('default-flow', gateway('f2').replace(' default="f2"', ''))).toEqual([]);
  });
});
