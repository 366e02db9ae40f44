import { bpmn } from '../test/bpmn.js';
import { inARow } from '../test/findings.js';
import { lint } from './lint.js';

describe('lint', () => {
  it('tells problems of every level, whether or not the diagram would deploy', async () => {
    const levels = async (xml: string) => (await lint(xml)).map(({ level, rule }) => [level, rule]);
    expect(await levels(bpmn(inARow('<bpmn:serviceTask id="it" />')))).toEqual([
      ['warning', 'missing-work'],
      ['hint', 'diagram-interchange'],
    ]);
    expect(await levels('')).toEqual([['error', 'xml']]);
  });
});
