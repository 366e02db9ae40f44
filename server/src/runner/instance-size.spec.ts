import { createInstance, type InstanceState, type Json, stateFromJson, type StoredState } from '@xflow/engine';
import { InstanceTooLargeError, toBoundedText } from './instance-size.js';

describe('toBoundedText', () => {
  const state = (large: Json): InstanceState => ({
    ...createInstance({ instanceId: 'i', subjectId: 's' }),
    scopes: [{ id: 'scope-1', elementId: 'p', parentTokenId: null, variables: { large } }],
  });

  it.each<[string, Json, 'kept' | 'refused']>([
    ['a short text', 'x', 'kept'],
    ['a text below the bound', 'x'.repeat(990_000), 'kept'],
    ['a text beyond the bound', 'x'.repeat(1_000_001), 'refused'],
    ['many small parts', Array.from({ length: 500_001 }, () => 1), 'refused'],
    ['long names', { ['x'.repeat(1_000_001)]: null }, 'refused'],
    ['nulls', [null, null], 'kept'],
  ])('%s: %s', (_name, large, expected) => {
    const write = () => toBoundedText(state(large));
    if (expected === 'refused') expect(write).toThrow(InstanceTooLargeError);
    else expect(stateFromJson(JSON.parse(write()) as StoredState)).toEqual(state(large));
  });
});
