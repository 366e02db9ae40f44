import { bpmn, extensions, timer } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('timer', () => {
  it('finds what is no time', async () => {
    expect(
      await findings(
        'timer',
        bpmn(inARow(`<bpmn:intermediateCatchEvent id="it">${timer('3 days')}</bpmn:intermediateCatchEvent>`)),
      ),
    ).toEqual([['it', '<it> has a mistake in the timer. "3 days" is not a duration of ISO 8601.']]);
  });

  it('finds missing times', async () => {
    expect(
      await findings(
        'timer',
        bpmn(
          inARow('<bpmn:intermediateCatchEvent id="it"><bpmn:timerEventDefinition /></bpmn:intermediateCatchEvent>'),
        ),
      ),
    ).toEqual([['it', '<it> has a mistake in the timer. It has no time.']]);
  });

  it('finds waits that do not say how long', async () => {
    expect(
      await findings(
        'timer',
        bpmn(
          inARow(
            `<bpmn:intermediateCatchEvent id="it">${extensions('<xflow:wait zone="Europe/Paris" />')}</bpmn:intermediateCatchEvent>`,
          ),
        ),
      ),
    ).toEqual([['it', '<it> has a mistake in the wait. The wait does not say how long to wait.']]);
  });

  it('finds start events that ask who the user is', async () => {
    expect(
      await findings('timer', bpmn(`<bpmn:startEvent id="daily">${timer('=user.attributes.pause')}</bpmn:startEvent>`)),
    ).toEqual([
      [
        'daily',
        'The timer of start event <daily> reads the user, and there is no user before an instance has started.',
      ],
    ]);
  });

  it('accepts durations', async () => {
    expect(
      await findings(
        'timer',
        bpmn(inARow(`<bpmn:intermediateCatchEvent id="it">${timer('P3D')}</bpmn:intermediateCatchEvent>`)),
      ),
    ).toEqual([]);
  });
});
