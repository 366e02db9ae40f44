import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('not-executable', () => {
  it('finds files without the mark', async () => {
    expect(
      await findings('not-executable', bpmn(inARow('<bpmn:task id="it" />')).replace('isExecutable="true"', '')),
    ).toEqual([['journey', 'No process of the file is marked as executable, so <journey> is taken as executable.']]);
  });

  it('accepts the mark', async () => {
    expect(await findings('not-executable', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([]);
  });
});
