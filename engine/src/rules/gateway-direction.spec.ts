import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const gateway = (direction: string) =>
  bpmn(
    `<bpmn:startEvent id="s" /><bpmn:parallelGateway id="g" gatewayDirection="${direction}" /><bpmn:endEvent id="a" /><bpmn:endEvent id="b" />`,
    ['in: s -> g', 'f1: g -> a', 'f2: g -> b'],
  );

describe('gateway-direction', () => {
  it.each(['Converging', 'Mixed'])('finds a fork that says it is %s', async (direction) => {
    expect(await findings('gateway-direction', gateway(direction))).toEqual([
      [
        'g',
        `Gateway <g> says that it is ${direction.toLowerCase()}, and has 1 incoming and 2 outgoing sequence flows.`,
      ],
    ]);
  });

  it.each(['Diverging', 'Unspecified'])('accepts a fork that says it is %s', async (direction) => {
    expect(await findings('gateway-direction', gateway(direction))).toEqual([]);
  });
});
