interface Entry<Item> {
  readonly dueAt: number;
  readonly order: number;
  readonly item: Item;
}

/** What is due when: a binary heap. Of what is due at the same time, first in is first out. */
export class TimerHeap<Item> {
  private readonly entries: Entry<Item>[] = [];
  private added = 0;

  /** When the next item is due, in milliseconds since 1970; null when there is none. */
  get nextDueAt(): number | null {
    return this.entries[0]?.dueAt ?? null;
  }

  push(dueAt: number, item: Item): void {
    this.added += 1;
    const { entries } = this;
    const entry = { dueAt, order: this.added, item };
    let index = entries.length;
    entries.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(entries[parent]!, entry)) break;
      entries[index] = entries[parent]!;
      index = parent;
    }
    entries[index] = entry;
  }

  pop(): Item | null {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined) return null;
    if (entries.length > 0) this.sink(last);
    return first.item;
  }

  private sink(entry: Entry<Item>): void {
    const { entries } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1]!, entries[child]!)) child += 1;
      if (isBefore(entry, entries[child]!)) break;
      entries[index] = entries[child]!;
      index = child;
    }
    entries[index] = entry;
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}
