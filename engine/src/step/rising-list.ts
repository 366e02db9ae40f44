/** In a longer list, the items behind one that goes are not moved at once: those that have gone are taken out together. */
const movedTogether = 64;

/**
 * Items whose ids end in rising numbers, as those of tokens and scopes do, in that order. Finding, replacing and deleting one costs about the
 * same in a list of ten and in one of ten thousand.
 */
export class RisingList<Item extends { readonly id: string }> {
  /** By position: 1 where an item has been deleted that is still in `items`; made when it is needed, as most steps delete little. */
  private gone: Uint8Array | null = null;
  private goneCount = 0;
  /** Whether `items` is a copy of what was given, which is made with the first change. */
  private own = false;
  /** Where the last two searches ended: the next one often looks for the same items, or for those behind them. */
  private last = 0;
  private lastButOne = 0;

  constructor(private items: readonly Item[]) {}

  get size(): number {
    return this.items.length - this.goneCount;
  }

  /** The items themselves, valid until the next change; what was given, where nothing has changed. */
  all(): readonly Item[] {
    const { gone } = this;
    if (gone === null) return this.items;
    this.items = this.items.filter((_, position) => gone[position] !== 1);
    this.gone = null;
    this.goneCount = 0;
    return this.items;
  }

  first(): Item | undefined {
    return this.items[0] !== undefined && this.gone?.[0] !== 1 ? this.items[0] : this.all()[0];
  }

  find(id: string): Item | undefined {
    const position = this.positionOf(id);
    return this.gone !== null && this.gone[position] === 1 ? undefined : this.items[position];
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
    const position = this.positionOf(id);
    if (position < 0) return;
    if (this.items.length < movedTogether && this.gone === null) this.changing().splice(position, 1);
    else {
      this.marks(position)[position] = 1;
      this.goneCount += 1;
      if (this.goneCount * 2 > this.items.length) this.all();
    }
  }

  private changing(): Item[] {
    if (!this.own) {
      this.items = this.items.slice();
      this.own = true;
    }
    return this.items as Item[];
  }

  /** `gone`, with room for the position. */
  private marks(position: number): Uint8Array {
    if (this.gone !== null && position < this.gone.length) return this.gone;
    const marks = new Uint8Array(this.items.length * 2);
    if (this.gone !== null) marks.set(this.gone);
    return (this.gone = marks);
  }

  /** -1: not there. */
  private positionOf(id: string): number {
    const { items, last, lastButOne } = this;
    if (items[last]?.id === id) return last;
    const position =
      items[last + 1]?.id === id
        ? last + 1
        : items[lastButOne]?.id === id
          ? lastButOne
          : items[lastButOne + 1]?.id === id
            ? lastButOne + 1
            : search(items, id);
    if (position >= 0) {
      this.lastButOne = last;
      this.last = position;
    }
    return position;
  }
}

function search(items: readonly { readonly id: string }[], id: string): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(items[middle]!.id, id)) low = middle + 1;
    else high = middle;
  }
  return items[low]?.id === id ? low : -1;
}

/** Ids rise in the order in which they were given out. */
export const inOrder = (ids: Iterable<string>): string[] => [...ids].sort((a, b) => (isBefore(a, b) ? -1 : 1));

/** Of two ids of the same kind: numbers without leading zeros compare by length, then as text. */
const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);
