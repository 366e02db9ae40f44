import type { Problem } from '@xflow/schemas';
import { byLevel, problemsByElement } from './problems-by-element.js';

const problem = (level: Problem['level'], elementId: string | null, message: string): Problem => ({
  level,
  elementId,
  message,
  rule: 'r',
  remedy: 'Correct it.',
});
const problems = [
  problem('hint', 'A', 'Name it.'),
  problem('error', 'A', 'It is wrong.'),
  problem('warning', 'B', 'It is odd.'),
  problem('error', null, 'The file is wrong.'),
];

describe('the problems of a diagram', () => {
  it('are told with errors first', () => {
    expect(byLevel(problems).map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'hint']);
  });

  it('are gathered by element with the worst level', () => {
    expect([...problemsByElement(problems)]).toEqual([
      ['A', { level: 'error', messages: ['It is wrong. Correct it.', 'Name it. Correct it.'] }],
      ['B', { level: 'warning', messages: ['It is odd. Correct it.'] }],
    ]);
  });
});
