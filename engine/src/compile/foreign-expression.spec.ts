import { compileCondition } from '../expressions/compile-condition.js';
import { toFeel } from './foreign-expression.js';

/** Whether the condition holds. */
function holds(text: string, variables: Record<string, unknown>): unknown {
  const feel = toFeel(text);
  if (!feel.ok) throw new Error(feel.reason);
  const condition = compileCondition(feel.value);
  if (!condition.ok) throw new Error(condition.reason);
  const result = condition.value.evaluate({ at: 0, seed: '', variables: variables as never });
  return result.ok ? result.value : result.reason;
}

describe('toFeel', () => {
  it.each([
    ['=amount > 1', 'amount > 1'],
    ['amount > 1', 'amount > 1'],
    ['${approved}', 'approved'],
    ["${order.state == 'paid'}", 'order.state = "paid"'],
    ['${order[\'state\'] eq "paid"}', 'order.state = "paid"'],
    ['#{amount >= 10.5}', 'amount >= 10.5'],
    ['${amount != null}', 'amount != null'],
    ['${a > 1 && b || c == "x"}', 'a > 1 and b or c = "x"'],
    ['${(a or b) and c}', '(a or b) and c'],
    ["${execution.getVariable('amount') lt -5}", 'amount < -5'],
    ['${nrOfCompletedInstances/nrOfInstances >= 0.5}', 'nrOfCompletedInstances / nrOfInstances >= 0.5'],
    ['${tries+1 < (limit - 2) * -factor}', 'tries + 1 < (limit - 2) * -(factor)'],
    ['${count -1}', 'count - 1'],
  ])('reads %s as %s', (text, feel) => {
    expect(toFeel(text)).toEqual({ ok: true, value: feel });
  });

  it.each([
    ['${!approved}', { approved: true }, false],
    ['${!approved}', { approved: false }, true],
    ['${!approved}', {}, true],
    ['${!(amount > 5)}', { amount: 6 }, false],
    ['${!(amount > 5)}', {}, true],
    ['${not empty list}', { list: [1] }, true],
    ['${not empty list}', { list: [] }, false],
    ['${empty name}', { name: '' }, true],
    ['${empty name}', {}, true],
    ['${empty name}', { name: 'x' }, false],
    ['${vip && amount >= 100}', { vip: true, amount: 100 }, true],
    ['${vip && amount >= 100}', { vip: true }, false],
    ['${done/all >= 0.5}', { done: 1, all: 2 }, true],
    ['${10 - a - b > 3 * -1 + 6}', { a: 2, b: 4 }, true],
    ['${total div 2 == 2.5}', { total: 5 }, true],
  ])('lets %s mean the same over %j', (text, variables, expected) => {
    expect(holds(text, variables)).toBe(expected);
  });

  it.each([
    '${order.pay()}',
    '${bean.check(amount)}',
    '${a} and ${b}',
    'Hello ${name}',
    '${a == b == c}',
    "${a == 'it\\'s'}",
    '${a',
    '${a + b}',
    '${a % 2 == 0}',
    '${a mod 2}',
    '${a ? b : c}',
    '${user.name}',
    '${}',
    `\${${'!'.repeat(10_000)}a}`,
  ])('refuses %s', (text) => {
    const reading = toFeel(text);
    expect(reading).toMatchObject({
      ok: false,
      reason: expect.stringContaining('is an expression of another engine whose meaning is not certain here'),
    });
  });
});
