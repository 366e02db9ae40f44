/**
 * The one source of time in the server. Times are milliseconds since 1970-01-01T00:00:00Z.
 * The class itself is the injection token.
 */
export abstract class Clock {
  abstract now(): number;

  /** SQL of the time now: never earlier than {@link now} was on any server that has written what the statement sees. */
  abstract readonly sql: string;

  /**
   * Calls `ring` once, when the clock has reached `at`; never before. A later call replaces the alarm of the same
   * `name`. Null disarms it.
   */
  abstract setAlarm(name: string, at: number | null, ring: () => void): void;

  /** Disarms every alarm. */
  abstract close(): void;
}
