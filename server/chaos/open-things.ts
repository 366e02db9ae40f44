/** What a run has started, and has to end: last in, first out, however the run ends. */
export class OpenThings {
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly starting = new Set<Promise<unknown>>();
  private closing: Promise<void> | null = null;

  /** What `start` starts is ended by `close`, even if it is there only when all the rest is being ended. */
  async open<T>(start: () => Promise<T>, close: (thing: T) => unknown): Promise<T> {
    if (this.closing) throw new Error('The run is being ended.');
    const started = start().then((thing) => {
      this.closers.push(async () => close(thing));
      return thing;
    });
    this.starting.add(started);
    try {
      return await started;
    } finally {
      this.starting.delete(started);
    }
  }

  /** Ends everything. May be called again: whoever calls waits for the same end. @throws what could not be ended, all of it together */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    await Promise.allSettled(this.starting);
    const failures: unknown[] = [];
    for (let close = this.closers.pop(); close; close = this.closers.pop())
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything that was started could be ended.');
  }
}
