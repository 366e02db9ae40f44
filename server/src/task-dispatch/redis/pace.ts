/** Milliseconds. */
const span = 100;

/** Counts what ends: how much of it did within the last tenth of a second, or two. */
export class Pace {
  private began = -Infinity;
  private ended = 0;
  private before = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number) {}

  count(): void {
    this.turn();
    this.ended += 1;
  }

  get lately(): number {
    this.turn();
    return Math.max(this.ended, this.before);
  }

  private turn(): void {
    const now = this.now();
    if (now - this.began < span) return;
    this.before = now - this.began < 2 * span ? this.ended : 0;
    this.ended = 0;
    this.began = now;
  }
}
