import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('diagram-interchange', () => {
  it('finds files without layout', async () => {
    expect(await findings('diagram-interchange', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([
      [null, 'The file has no diagram, so it runs, but nobody can see or edit it in a modeler.'],
    ]);
  });

  it('accepts files with layout', async () => {
    expect(
      await findings(
        'diagram-interchange',
        bpmn(inARow('<bpmn:task id="it" />')).replace(
          '</bpmn:definitions>',
          '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="layout" /></bpmn:definitions>',
        ),
      ),
    ).toEqual([]);
  });
});
