import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('sequence-flow-condition', () => {
  it('finds gateways that cannot choose', async () => {
    expect(
      await findings(
        'sequence-flow-condition',
        bpmn('<bpmn:exclusiveGateway id="choose" name="Big?" /><bpmn:task id="a" /><bpmn:task id="b" />', [
          'fa: choose -> a',
          'fb: choose -> b',
        ]),
      ),
    ).toEqual([
      [
        'choose',
        'The flows of exclusive gateway "Big?" <choose> have no conditions, so every instance will stop there and ask which flow to take.',
      ],
    ]);
  });

  it('finds flows that are never taken', async () => {
    expect(
      await findings(
        'sequence-flow-condition',
        bpmn('<bpmn:exclusiveGateway id="choose" /><bpmn:task id="a" /><bpmn:task id="b" />', [
          'fa: choose -> a if vip',
          'fb: choose -> b',
        ]),
      ),
    ).toEqual([
      [
        'fb',
        'Sequence flow <fb> of exclusive gateway <choose> has no condition and is not the default, so it is never taken.',
      ],
    ]);
  });

  it('finds a missing default', async () => {
    expect(
      await findings(
        'sequence-flow-condition',
        bpmn('<bpmn:exclusiveGateway id="choose" /><bpmn:task id="a" /><bpmn:task id="b" />', [
          'fa: choose -> a if vip',
          'fb: choose -> b if not(vip)',
        ]),
      ),
    ).toEqual([
      [
        'choose',
        'Exclusive gateway <choose> has no default flow, so an instance for which no condition holds will stop there.',
      ],
    ]);
  });

  it('finds conditions that are ignored', async () => {
    expect(
      await findings(
        'sequence-flow-condition',
        bpmn('<bpmn:parallelGateway id="fork" /><bpmn:task id="a" />', ['fa: fork -> a if vip']),
      ),
    ).toEqual([
      ['fa', 'The condition of sequence flow <fa> is ignored, because its gateway does not choose by conditions.'],
    ]);
  });

  it('accepts a condition and a default', async () => {
    expect(
      await findings(
        'sequence-flow-condition',
        bpmn('<bpmn:exclusiveGateway id="choose" default="fb" /><bpmn:task id="a" /><bpmn:task id="b" />', [
          'fa: choose -> a if vip',
          'fb: choose -> b',
        ]),
      ),
    ).toEqual([]);
  });
});
