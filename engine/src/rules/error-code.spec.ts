import { bpmn, error, onError } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('error-code', () => {
  it('finds errors without a code', async () => {
    expect(
      await findings(
        'error-code',
        bpmn('<bpmn:startEvent id="start" /><bpmn:endEvent id="end"><bpmn:errorEventDefinition /></bpmn:endEvent>', [
          'f: start -> end',
        ]),
      ),
    ).toEqual([
      ['end', 'Error end event <end> throws an error without a code, which nothing could catch by its code.'],
    ]);
  });

  it('accepts an error with a code', async () => {
    expect(
      await findings(
        'error-code',
        bpmn(
          `<bpmn:startEvent id="start" /><bpmn:endEvent id="end">${onError('late')}</bpmn:endEvent>`,
          ['f: start -> end'],
          error('late'),
        ),
      ),
    ).toEqual([]);
  });
});
