import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('executable-process', () => {
  it('finds a file without a process', async () => {
    expect(
      await findings(
        'executable-process',
        `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test" />`,
      ),
    ).toEqual([[null, 'The file has no process that could run.']]);
  });

  it('finds an empty process', async () => {
    expect(await findings('executable-process', bpmn(''))).toEqual([
      ['journey', 'The process <journey> is marked as executable, and is empty.'],
    ]);
  });

  it('accepts a process with elements', async () => {
    expect(await findings('executable-process', bpmn(inARow('<bpmn:task id="it" />')))).toEqual([]);
  });
});
