import type { InstancePage } from '@xflow/schemas';
import { instanceLines } from './instance-lines.js';

/** Pages of one instance each. */
const pagesOf = (ids: readonly string[]) => async (cursor: string | null) => {
  const at = Number(cursor ?? 0);
  const nextCursor = at + 1 < ids.length ? String(at + 1) : null;
  return { items: [{ id: ids[at] }], nextCursor } as unknown as InstancePage;
};

describe('the lines of an export', () => {
  it('hold every page, and the count is told as it grows', async () => {
    const counts: number[] = [];
    const text = await instanceLines(
      pagesOf(['a', 'b', 'c']),
      (count) => counts.push(count),
      () => true,
    );
    expect(text).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
    expect(counts).toEqual([1, 2, 3]);
  });

  it('end where they are not wanted any more', async () => {
    expect(
      await instanceLines(
        pagesOf(['a', 'b']),
        () => undefined,
        () => false,
      ),
    ).toBe('{"id":"a"}\n');
  });
});
