import { decodeCursor, encodeCursor, pageOf } from './cursor.js';

describe('cursors', () => {
  it('bring the key back', () => {
    expect(decodeCursor(encodeCursor(['ä', 7]), ['string', 'number'])).toEqual(['ä', 7]);
  });

  it.each(['', 'x', '!!', encodeCursor(['a']), encodeCursor([1, 'a']), encodeCursor(['\u0000', 1])])(
    'refuses %j, which was not handed out',
    (cursor) => {
      expect(() => decodeCursor(cursor, ['string', 'number'])).toThrow(/nextCursor/);
    },
  );

  it.each([
    ['time', 8_640_000_000_000_001],
    ['time', -1],
    ['uuid', 'x'],
  ] as const)('refuse what is no %s: %j', (type, part) => {
    expect(() => decodeCursor(encodeCursor([part]), [type])).toThrow(/nextCursor/);
  });

  it('end with the last page', () => {
    const keyOf = (row: string) => [row];
    expect(pageOf(['a', 'b'], 2, keyOf)).toEqual({ rows: ['a', 'b'], nextCursor: null });
    expect(pageOf(['a', 'b', 'c'], 2, keyOf)).toEqual({ rows: ['a', 'b'], nextCursor: encodeCursor(['b']) });
  });
});
