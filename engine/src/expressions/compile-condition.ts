import type { Expression } from '../expression.js';
import { compileExpression } from './compile-expression.js';
import type { Reading } from './reading.js';

/** An expression that answers yes or no: null counts as no, and any other value than true and false is a failure. */
export function compileCondition(source: string): Reading<Expression> {
  const reading = compileExpression(source);
  if (!reading.ok) return reading;
  const { needs, reads, evaluate } = reading.value;
  const condition: Expression = {
    source,
    needs,
    reads,
    evaluate: (context) => {
      const result = evaluate(context);
      if (!result.ok || typeof result.value === 'boolean') return result;
      if (result.value === null) return { ok: true, value: false };
      return {
        ok: false,
        reason: `The condition ${source} gave ${JSON.stringify(result.value).slice(0, 200)}, which is neither true nor false.`,
        remedy: 'Write a condition that compares, such as amount > 100.',
      };
    },
  };
  return { ok: true, value: Object.freeze(condition) };
}
