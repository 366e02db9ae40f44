/** In a longer list, the items behind one that goes are not moved at once; and so many that have gone are taken out together. */
const movedTogether = 64;

/**
 * Items whose ids end in rising numbers, as those of tokens and scopes do, in that order. Finding, replacing and deleting one costs about the
 * same in a list of ten and in one of ten thousand.
 */
export class RisingList<Item extends { readonly id: string }> {
  private items: Item[];
  /** Deleted, and still in `items`. */
  private readonly gone = new Set<string>();

  constructor(items: readonly Item[]) {
    this.items = items.slice();
  }

  get size(): number {
    return this.items.length - this.gone.size;
  }

  /** The items themselves: valid until the next change. */
  all(): readonly Item[] {
    if (this.gone.size === 0) return this.items;
    if (this.gone.size <= movedTogether) for (const id of this.gone) this.items.splice(positionOf(this.items, id), 1);
    else this.items = this.items.filter(({ id }) => !this.gone.has(id));
    this.gone.clear();
    return this.items;
  }

  find(id: string): Item | undefined {
    return this.gone.size > 0 && this.gone.has(id) ? undefined : this.items[positionOf(this.items, id)];
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
    if (this.items.length < movedTogether && this.gone.size === 0) this.items.splice(positionOf(this.items, id), 1);
    else {
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
