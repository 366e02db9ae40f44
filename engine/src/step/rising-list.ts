/** In a longer list, the items behind one that goes are not moved at once; and so many that have gone are taken out together. */
const movedTogether = 64;

/**
 * Items whose ids end in rising numbers, as those of tokens and scopes do, in that order. Finding, replacing and deleting one costs about the
 * same in a list of ten and in one of ten thousand.
 */
export class RisingList<Item extends { readonly id: string }> {
  private items: Item[];
  /** Deleted, and still in `items`; made when it is needed, as most steps delete little. */
  private gone: Set<string> | null = null;

  constructor(items: readonly Item[]) {
    this.items = items.slice();
  }

  get size(): number {
    return this.gone === null ? this.items.length : this.items.length - this.gone.size;
  }

  /** The items themselves: valid until the next change. */
  all(): readonly Item[] {
    const { gone } = this;
    if (gone === null) return this.items;
    if (gone.size <= movedTogether) for (const id of gone) this.items.splice(positionOf(this.items, id), 1);
    else this.items = this.items.filter(({ id }) => !gone.has(id));
    this.gone = null;
    return this.items;
  }

  find(id: string): Item | undefined {
    return this.gone !== null && this.gone.has(id) ? undefined : this.items[positionOf(this.items, id)];
  }

  /** The id is greater than all before. */
  add(item: Item): void {
    this.items.push(item);
  }

  /** Puts the item in the place of the one with its id. */
  replace(item: Item): void {
    this.items[positionOf(this.items, item.id)] = item;
  }

  delete(id: string): void {
    if (this.items.length < movedTogether && this.gone === null) this.items.splice(positionOf(this.items, id), 1);
    else {
      this.gone ??= new Set();
      this.gone.add(id);
      if (this.gone.size * 2 > this.items.length) this.all();
    }
  }
}

/** -1: not there. */
function positionOf(list: readonly { readonly id: string }[], id: string): number {
  if (list.length <= 8) return list.findIndex((one) => one.id === id);
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle]!.id, id)) low = middle + 1;
    else high = middle;
  }
  return list[low]!.id === id ? low : -1;
}

/** Ids rise in the order in which they were given out. */
export const inOrder = (ids: Iterable<string>): string[] => [...ids].sort((a, b) => (isBefore(a, b) ? -1 : 1));

/** Of two ids of the same kind: numbers without leading zeros compare by length, then as text. */
const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);
