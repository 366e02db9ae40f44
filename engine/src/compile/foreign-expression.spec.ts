import { toFeel } from './foreign-expression.js';

describe('toFeel', () => {
  it.each([
    ['=amount > 1', 'amount > 1'],
    ['amount > 1', 'amount > 1'],
    ['${approved}', 'approved'],
    ['${!approved}', 'not(approved)'],
    ["${order.state == 'paid'}", 'order.state = "paid"'],
    ['#{amount >= 10.5}', 'amount >= 10.5'],
    ['${amount != null}', 'amount != null'],
  ])('reads %s as %s', (text, feel) => {
    expect(toFeel(text)).toEqual({ ok: true, value: feel });
  });

  it.each(['${order.pay()}', '${a && b}', '${a} and ${b}', '${a == b == c}', "${a == 'it\\'s'}", '${a'])(
    'refuses %s',
    (text) => {
      expect(toFeel(text)).toMatchObject({
        ok: false,
        reason: `${text} is an expression of another engine that is more than a variable or one comparison.`,
      });
    },
  );
});
