import type { Variables } from '../json.js';
import { compileCondition } from './compile-condition.js';

function decide(source: string, variables: Variables) {
  const reading = compileCondition(source);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.value.evaluate({ at: 0, seed: '', variables });
}

describe('compileCondition', () => {
  it('answers yes or no, and counts null as no', () => {
    expect(decide('amount > 1', { amount: 2 })).toEqual({ ok: true, value: true });
    expect(decide('amount > 1', {})).toEqual({ ok: true, value: false });
  });

  it('fails for any other value, and shows it', () => {
    expect(decide('amount', { amount: 'much' })).toEqual({
      ok: false,
      reason: 'The condition amount gave "much", which is neither true nor false.',
      remedy: 'Write a condition that compares, such as amount > 100.',
    });
  });
});
