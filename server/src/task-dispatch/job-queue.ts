/**
 * Brings the jobs that are due to their attempts, within the limits of their types. The rows of the table `task` are the truth for
 * every implementation: what it holds beside them may be lost at any moment.
 */
export abstract class JobQueue {
  /** Resolves when it can be woken. */
  abstract open(): Promise<void>;

  /** There may be jobs that are due. */
  abstract wake(): void;

  /** When the next job is due: milliseconds since 1970; null: there is none. */
  abstract nextDue(): Promise<number | null>;

  abstract readonly isRunning: boolean;

  /** Resolves when no job is on its way or under way, and none is due. */
  abstract rest(): Promise<void>;

  /** Begins nothing more; resolves when what was under way is over. */
  abstract close(): Promise<void>;
}
