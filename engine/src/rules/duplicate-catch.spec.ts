import { bpmn, error, escalation, message, onError, onEscalation, onMessage } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const globals = error('E') + error('F') + escalation('X') + message('m');
const boundary = (id: string, event: string, host = 'a') =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${host}">${event}</bpmn:boundaryEvent>`;
const at = (...events: string[]) =>
  bpmn(
    `<bpmn:subProcess id="a"><bpmn:task id="x" /></bpmn:subProcess><bpmn:task id="c" />${events.join('')}`,
    ['f: a -> c'],
    globals,
  );
const eventSubprocess = (id: string, event: string) =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="s_${id}">${event}</bpmn:startEvent></bpmn:subProcess>`;

describe('duplicate-catch', () => {
  it('finds two events for one code, and two for all, at an activity', async () => {
    expect(await findings('duplicate-catch', at(boundary('e1', onError('E')), boundary('e2', onError('E'))))).toEqual([
      ['e2', '<e2> and <e1> at <a> both catch error "E", which reaches <e1> only.'],
    ]);
    const all = '<bpmn:escalationEventDefinition />';
    expect(await findings('duplicate-catch', at(boundary('e1', all), boundary('e2', all)))).toEqual([
      ['e2', '<e2> and <e1> at <a> both catch all escalations, which reaches <e1> only.'],
    ]);
  });

  it('finds two event subprocesses for one code in a scope', async () => {
    const xml = at(eventSubprocess('p', onEscalation('X')), eventSubprocess('q', onEscalation('X')));
    expect(await findings('duplicate-catch', xml)).toEqual([
      ['s_q', '<s_q> and <s_p> in "Journey" <journey> both catch escalation "X", which reaches <s_p> only.'],
    ]);
  });

  it('accepts different codes, one for all beside them, messages, and the same code elsewhere', async () => {
    expect(
      await findings(
        'duplicate-catch',
        at(
          boundary('e1', onError('E')),
          boundary('e2', onError('F')),
          boundary('e3', '<bpmn:errorEventDefinition />'),
          boundary('e4', onEscalation('X')),
          boundary('m1', onMessage('m')),
          boundary('m2', onMessage('m')),
          boundary('e5', onError('E'), 'x'),
          eventSubprocess('p', onError('E')),
        ),
      ),
    ).toEqual([]);
  });
});
