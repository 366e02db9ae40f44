/** In a longer list, the items behind one that goes are not moved at once; and so many that have gone are taken out together. */
const movedTogether = 64;

/**
 * Items whose ids end in rising numbers, as those of tokens and scopes do, in that order. Finding, replacing and deleting one costs about the
 * same in a list of ten and in one of ten thousand.
 */
export class RisingList<Item extends { readonly id: string }> {
  /** Deleted, and still in `items`; made when it is needed, as most steps delete little. */
  private gone: Set<string> | null = null;
  /** Whether `items` is a copy of what was given, which is made with the first change. */
  private own = false;
  /** Where the last search ended: the next one often looks for the same item, or for the one behind it. */
  private last = 0;

  constructor(private items: readonly Item[]) {}

  get size(): number {
    return this.gone === null ? this.items.length : this.items.length - this.gone.size;
  }

  /** The items themselves, valid until the next change; what was given, where nothing has changed. */
  all(): readonly Item[] {
    const { gone } = this;
    if (gone === null) return this.items;
    const items = this.changing();
    if (gone.size <= movedTogether) for (const id of gone) items.splice(this.positionOf(id), 1);
    else this.items = items.filter(({ id }) => !gone.has(id));
    this.gone = null;
    return this.items;
  }

  first(): Item | undefined {
    return this.gone === null ? this.items[0] : this.items.find(({ id }) => this.gone?.has(id) !== true);
  }

  find(id: string): Item | undefined {
    return this.gone !== null && this.gone.has(id) ? undefined : this.items[this.positionOf(id)];
  }

  /** The id is greater than all before. */
  add(item: Item): void {
    this.changing().push(item);
  }

  /** Puts the item in the place of the one with its id. */
  replace(item: Item): void {
    this.changing()[this.positionOf(item.id)] = item;
  }

  delete(id: string): void {
    if (this.items.length < movedTogether && this.gone === null) this.changing().splice(this.positionOf(id), 1);
    else {
      this.gone ??= new Set();
      this.gone.add(id);
      if (this.gone.size * 2 > this.items.length) this.all();
    }
  }

  private changing(): Item[] {
    if (!this.own) {
      this.items = this.items.slice();
      this.own = true;
    }
    return this.items as Item[];
  }

  /** -1: not there. */
  private positionOf(id: string): number {
    const { items, last } = this;
    if (items[last]?.id === id) return last;
    if (items[last + 1]?.id === id) return (this.last = last + 1);
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(items[middle]!.id, id)) low = middle + 1;
      else high = middle;
    }
    if (items[low]?.id !== id) return -1;
    return (this.last = low);
  }
}

/** Ids rise in the order in which they were given out. */
export const inOrder = (ids: Iterable<string>): string[] => [...ids].sort((a, b) => (isBefore(a, b) ? -1 : 1));

/** Of two ids of the same kind: numbers without leading zeros compare by length, then as text. */
const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);
