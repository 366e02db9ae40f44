import { filterWords } from './filter-words.js';

const speaker = {
  workflowName: (key: string) => `the ${key}`,
  statusName: (status: string) => status.toUpperCase(),
  number: String,
  language: 'en',
};
const words = (filter: Readonly<Record<string, unknown>>) =>
  filterWords(filter, speaker).map(({ key, parameters }) => [key, ...Object.values(parameters)]);

describe('a filter in words', () => {
  it('tells its conditions in a steady order', () => {
    expect(words({ variables: ['plan=gold', 'note=a=b'], status: 'active', workflow: 'order', version: 2 })).toEqual([
      ['filter.workflow', 'the order'],
      ['filter.version', '2'],
      ['filter.status', 'ACTIVE'],
      ['filter.variables', 'plan', 'gold'],
      ['filter.variables', 'note', 'a=b'],
    ]);
  });

  it('counts what was chosen one by one, and tells what must not be', () => {
    expect(words({ instanceIds: ['a', 'b'], suspended: false })).toEqual([
      ['filter.no-suspended', 'false'],
      ['filter.instanceIds', '2'],
    ]);
  });
});
