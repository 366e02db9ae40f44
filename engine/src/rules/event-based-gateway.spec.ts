import { bpmn, timer } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('event-based-gateway', () => {
  it('finds other targets', async () => {
    expect(
      await findings(
        'event-based-gateway',
        bpmn('<bpmn:eventBasedGateway id="wait" /><bpmn:task id="a" />', ['f: wait -> a']),
      ),
    ).toEqual([['a', 'Event-based gateway <wait> leads to <a>, which does not wait for an event.']]);
  });

  it('finds a gateway that waits for nothing', async () => {
    expect(await findings('event-based-gateway', bpmn('<bpmn:eventBasedGateway id="wait" />'))).toEqual([
      ['wait', 'Event-based gateway <wait> waits for nothing.'],
    ]);
  });

  it('finds targets with other incoming flows', async () => {
    expect(
      await findings(
        'event-based-gateway',
        bpmn(
          `<bpmn:startEvent id="start" /><bpmn:eventBasedGateway id="wait" /><bpmn:intermediateCatchEvent id="day">${timer('P1D')}</bpmn:intermediateCatchEvent>`,
          ['f: wait -> day', 'g: start -> day'],
        ),
      ),
    ).toEqual([
      ['day', '<day> is waited for by event-based gateway <wait>, and has other incoming sequence flows too.'],
    ]);
  });

  it('accepts catch events', async () => {
    expect(
      await findings(
        'event-based-gateway',
        bpmn(
          `<bpmn:eventBasedGateway id="wait" /><bpmn:intermediateCatchEvent id="day">${timer('P1D')}</bpmn:intermediateCatchEvent>`,
          ['f: wait -> day'],
        ),
      ),
    ).toEqual([]);
  });
});
