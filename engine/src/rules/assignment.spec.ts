import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('assignment', () => {
  it('finds assignments that are not understood', async () => {
    expect(
      await findings(
        'assignment',
        bpmn(
          inARow(
            `<bpmn:userTask id="it" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:candidateGroups="sales, \${teams.of(owner)}" />`,
          ),
        ),
      ),
    ).toEqual([
      ['it', 'User task <it> computes who may do it by ${teams.of(owner)}, which is not understood: it names nobody.'],
    ]);
  });

  it('accepts FEEL, and what is understood', async () => {
    for (const groups of ['=team', '${team}', '=["a", team]'])
      expect(
        await findings(
          'assignment',
          bpmn(
            inARow(
              `<bpmn:userTask id="it">${extensions(`<xflow:candidates groups="${groups.replaceAll('"', '&quot;')}" />`)}</bpmn:userTask>`,
            ),
          ),
        ),
      ).toEqual([]);
  });

  it('accepts names', async () => {
    expect(
      await findings(
        'assignment',
        bpmn(inARow(`<bpmn:userTask id="it">${extensions('<xflow:candidates groups="sales" />')}</bpmn:userTask>`)),
      ),
    ).toEqual([]);
  });
});
