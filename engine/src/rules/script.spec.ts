import { bpmn } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('script', () => {
  it('finds syntax errors', async () => {
    expect(
      await findings(
        'script',
        bpmn(inARow('<bpmn:scriptTask id="it"><bpmn:script>retrun 1</bpmn:script></bpmn:scriptTask>')),
      ),
    ).toEqual([['it', "<it> cannot run. The script is no JavaScript: SyntaxError: expecting ';'."]]);
  });

  it('finds other languages', async () => {
    expect(
      await findings(
        'script',
        bpmn(inARow('<bpmn:scriptTask id="it" scriptFormat="groovy"><bpmn:script>1</bpmn:script></bpmn:scriptTask>')),
      ),
    ).toEqual([['it', '<it> cannot run. The script is written in groovy.']]);
  });

  it('accepts JavaScript', async () => {
    expect(
      await findings(
        'script',
        bpmn(
          inARow(
            '<bpmn:scriptTask id="it" scriptFormat="javascript"><bpmn:script>return 1</bpmn:script></bpmn:scriptTask>',
          ),
        ),
      ),
    ).toEqual([]);
  });
});
