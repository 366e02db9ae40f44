import { usePages } from './use-pages.js';

/** A list of numbers, two a page. */
function numbers(cursor: string | null) {
  const from = Number(cursor ?? 0);
  return Promise.resolve({ items: [from, from + 1], nextCursor: from >= 4 ? null : String(from + 2) });
}
/** Lets the answers that are already there arrive. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('usePages', () => {
  it('goes to the next page and back, and holds one at a time', async () => {
    const pages = usePages(numbers);
    await settled();
    expect(pages.items.value).toEqual([0, 1]);
    await pages.next();
    expect([pages.items.value, pages.number.value]).toEqual([[2, 3], 2]);
    await pages.previous();
    expect([pages.items.value, pages.number.value]).toEqual([[0, 1], 1]);
  });

  it('ends at the last page', async () => {
    const pages = usePages(numbers);
    await settled();
    await pages.next();
    await pages.next();
    expect(pages.hasNext.value).toBe(false);
    await pages.next();
    expect(pages.items.value).toEqual([4, 5]);
  });

  it('keeps the page that is shown when loading fails, and tells the problem', async () => {
    let broken = false;
    const pages = usePages((cursor) => (broken ? Promise.reject(new Error('Down.')) : numbers(cursor)));
    await settled();
    broken = true;
    await pages.next();
    expect([pages.items.value, pages.number.value]).toEqual([[0, 1], 1]);
    expect(pages.problem.value?.detail).toBe('Down.');
  });

  it('drops an answer that a later request has overtaken', async () => {
    const answers: ((items: readonly string[]) => void)[] = [];
    const pages = usePages<string>(
      () => new Promise((resolve) => answers.push((items) => resolve({ items: [...items], nextCursor: null }))),
    );
    const restarted = pages.restart();
    answers[1]?.(['new']);
    await restarted;
    answers[0]?.(['old']);
    await settled();
    expect(pages.items.value).toEqual(['new']);
  });
});
