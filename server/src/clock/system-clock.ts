import { Clock } from './clock.js';

/** setTimeout holds at most a signed 32-bit number of milliseconds; longer alarms are set in stages. */
const longestTimeout = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock extends Clock {
  private readonly timeouts = new Map<string, NodeJS.Timeout>();

  now(): number {
    return Date.now();
  }

  setAlarm(name: string, at: number | null, ring: () => void): void {
    clearTimeout(this.timeouts.get(name));
    this.timeouts.delete(name);
    if (at === null) return;
    const remaining = Math.max(0, at - this.now());
    const timeout = setTimeout(
      () => {
        // A timer of Node may fire a millisecond early, and the clock may have been set back meanwhile.
        if (this.now() < at) this.setAlarm(name, at, ring);
        else {
          this.timeouts.delete(name);
          ring();
        }
      },
      Math.min(remaining, longestTimeout),
    );
    timeout.unref();
    this.timeouts.set(name, timeout);
  }

  close(): void {
    for (const timeout of this.timeouts.values()) clearTimeout(timeout);
    this.timeouts.clear();
  }
}
