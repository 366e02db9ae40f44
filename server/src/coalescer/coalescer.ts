/**
 * Turns single requests that come together into set-based ones: whatever is asked for before the event loop's next turn,
 * or while an earlier set is under way, goes in one call of `load`. So a thousand jobs read with a few statements.
 */
export class Coalescer<Key, Value> {
  private waiting: { readonly key: Key; resolve(value: Value): void; reject(error: unknown): void }[] = [];
  private loading = false;

  /** @param load one value a key, in their order */
  constructor(private readonly load: (keys: readonly Key[]) => Promise<readonly Value[]>) {}

  get(key: Key): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.loading) {
        this.loading = true;
        setImmediate(() => void this.run());
      }
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const set = this.waiting;
      this.waiting = [];
      try {
        const values = await this.load(set.map(({ key }) => key));
        set.forEach(({ resolve }, index) => {
          resolve(values[index]!);
        });
      } catch (error) {
        for (const { reject } of set) reject(error);
      }
    }
    this.loading = false;
  }
}
