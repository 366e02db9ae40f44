import { createInstance, type Json } from '@xflow/engine';
import { isTooLarge } from './instance-size.js';

describe('isTooLarge', () => {
  const state = (large: Json) => ({ ...createInstance({ instanceId: 'i', subjectId: 's' }), large });

  it.each<[string, Json, boolean]>([
    ['a short text', 'x', false],
    ['a text below the bound', 'x'.repeat(990_000), false],
    ['a text beyond the bound', 'x'.repeat(1_000_001), true],
    ['many small parts', Array.from({ length: 500_001 }, () => 1), true],
    ['long names', { ['x'.repeat(1_000_001)]: null }, true],
    ['nulls', [null, null], false],
  ])('counts %s', (_name, large, expected) => {
    expect(isTooLarge(state(large))).toBe(expected);
  });
});
