import { parseBounds } from './bounds.js';

describe('parseBounds', () => {
  it('sets what is named, and leaves the rest as usual', () => {
    const usual = parseBounds('');
    expect(parseBounds(' state=2000000, call-depth=3 ')).toEqual({ ...usual, state: 2_000_000, 'call-depth': 3 });
  });

  it('names everything that is wrong', () => {
    expect(() => parseBounds('state=1,depth=3,queue,constructor=5')).toThrow(
      /"state=1" is out of range.*"depth=3" is no bound.*"queue" is no bound.*"constructor=5" is no bound/,
    );
  });
});
