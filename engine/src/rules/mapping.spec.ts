import { bpmn, extensions } from '../../test/bpmn.js';
import { findings, inARow } from '../../test/findings.js';

describe('mapping', () => {
  it('finds missing and double names', async () => {
    expect(
      await findings(
        'mapping',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:updateProfile><xflow:set name="a" value="1" /><xflow:set name="a" value="2" /><xflow:set value="3" /></xflow:updateProfile>')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([
      ['it', '<it> has an entry without a name among the attributes that it sets.'],
      ['it', '<it> has "a" more than once among the attributes that it sets.'],
    ]);
  });

  it('accepts a name each', async () => {
    expect(
      await findings(
        'mapping',
        bpmn(
          inARow(
            `<bpmn:serviceTask id="it">${extensions('<xflow:updateProfile><xflow:set name="a" value="1" /><xflow:set name="b" value="2" /></xflow:updateProfile>')}</bpmn:serviceTask>`,
          ),
        ),
      ),
    ).toEqual([]);
  });
});
