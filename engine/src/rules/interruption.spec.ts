import { bpmn, error, escalation, onError, onEscalation } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const diagram = (event: string) =>
  bpmn(
    `<bpmn:task id="a" /><bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false">${event}</bpmn:boundaryEvent>
     <bpmn:subProcess id="p" triggeredByEvent="true"><bpmn:startEvent id="s" isInterrupting="false">${event}</bpmn:startEvent></bpmn:subProcess>`,
    [],
    error('E') + escalation('X'),
  );

describe('interruption', () => {
  it('finds errors that are said not to interrupt', async () => {
    expect(await findings('interruption', diagram(onError('E')))).toEqual([
      ['b', '<b> says that it does not interrupt, and an error always does.'],
      ['s', '<s> says that it does not interrupt, and an error always does.'],
    ]);
  });

  it('accepts escalations that do not interrupt, and errors that say nothing', async () => {
    expect(await findings('interruption', diagram(onEscalation('X')))).toEqual([]);
    const silent = diagram(onError('E')).replace(' cancelActivity="false"', '').replace(' isInterrupting="false"', '');
    expect(await findings('interruption', silent)).toEqual([]);
  });
});
