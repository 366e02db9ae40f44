import { bpmn, compileOne } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

const named = (variables: string) =>
  bpmn(
    '<bpmn:startEvent id="start" /><bpmn:endEvent id="end" />',
    ['f: start -> end'],
    '',
    `<xflow:searchable variables="${variables}" />`,
  );

describe('searchable', () => {
  it('takes names separated by commas', async () => {
    expect((await compileOne(named('plan, order id ,'))).searchable).toEqual(['plan', 'order id']);
  });

  it.each([[''], [' , '], [Array.from({ length: 21 }, (_, index) => `v${index}`).join()], ['plan,plan']])(
    'refuses %j',
    async (variables) => {
      expect((await findings('searchable', named(variables))).map(([id]) => id)).toEqual(['journey']);
    },
  );
});
