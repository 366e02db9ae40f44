import { compileExpression } from './compile-expression.js';

const value = (source: string, variables = {}) => {
  const reading = compileExpression(source);
  if (!reading.ok) throw new Error(reading.reason);
  const result = reading.value.evaluate({ at: 0, seed: '', variables });
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};

describe('patterns in FEEL', () => {
  it.each([
    ['matches("foobar", "^fo*b")', true],
    ['matches("FOO", "foo")', false],
    ['matches("FOO", "foo", "i")', true],
    ['matches("a\nb", "a.b")', false],
    ['matches("a\nb", "a.b", "s")', true],
    ['matches("a\nb", "^b$", "m")', true],
    ['matches("ab", "a b", "x")', true],
    ['matches("a b", "a[ ]b", "x")', true],
    ['matches("é", "\\p{L}")', true],
    ['matches("a", "a", "q")', null],
    ['matches(null, "a")', null],
    ['matches(input: "a", pattern: "b|a")', true],
    ['replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '[1=ab][2=]cd'],
    ['replace("abc", "b", "<$0>")', 'a<b>c'],
    ['replace("abc", "[a-z]", "#")', '###'],
    ['replace("Abc", "a", "x", "i")', 'xbc'],
    ['replace("abc", "x*", "-")', '-a-b-c-'],
    ['split("John Doe", "\\s")', ['John', 'Doe']],
    ['split("a;b;;c", ";")', ['a', 'b', '', 'c']],
    ['split("abc", "")', ['a', 'b', 'c']],
    ['split("", ",")', ['']],
  ])('%s', (source, expected) => {
    expect(value(source.replaceAll('\n', '\\n'))).toEqual(expected);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^a*a*a*a*a*$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'answer %s in time linear in the text',
    (pattern) => {
      expect(value('matches(text, pattern)', { text: `${'a'.repeat(50_000)}!`, pattern })).toBe(false);
    },
  );

  it('give the same answer however often they are asked', () => {
    const many = Array.from({ length: 500 }, (_, index) => `matches("a${index}", "^a${index}$")`);
    for (const source of [...many, ...many]) expect(value(source)).toBe(true);
  });
});
