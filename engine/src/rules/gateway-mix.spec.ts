import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('gateway-mix', () => {
  it('finds gateways that do both', async () => {
    expect(
      await findings(
        'gateway-mix',
        bpmn(
          '<bpmn:task id="a" /><bpmn:task id="b" /><bpmn:parallelGateway id="both" /><bpmn:task id="c" /><bpmn:task id="d" />',
          ['f1: a -> both', 'f2: b -> both', 'f3: both -> c', 'f4: both -> d'],
        ),
      ),
    ).toEqual([['both', 'Gateway <both> joins and forks at once.']]);
  });

  it('accepts forks', async () => {
    expect(
      await findings(
        'gateway-mix',
        bpmn('<bpmn:task id="a" /><bpmn:parallelGateway id="fork" /><bpmn:task id="c" /><bpmn:task id="d" />', [
          'f1: a -> fork',
          'f3: fork -> c',
          'f4: fork -> d',
        ]),
      ),
    ).toEqual([]);
  });
});
