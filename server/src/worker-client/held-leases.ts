import type { ExtendTasksResponse, HeldTask } from '@xflow/schemas';
import { LeaseLostError } from './refused-error.js';

/** Most leases of a request. */
const mostTasks = 1_000;

/** The leases of the tasks that are being worked on: all of them are extended together, as long as there are any. */
export class HeldLeases {
  private readonly held = new Map<HeldTask, AbortController>();
  private extending: NodeJS.Timeout | undefined;

  /**
   * @param extend sends tasks whose leases are to last longer; rejects where none could be
   * @param interval milliseconds between two extensions; shorter than the leases
   * @param tell told what could not be extended, and may be with the next ones
   */
  constructor(
    private readonly extend: (tasks: readonly HeldTask[]) => Promise<ExtendTasksResponse>,
    private readonly interval: number,
    private readonly tell: (error: unknown) => void,
  ) {}

  /** @returns a signal that aborts when the lease is lost */
  hold(task: HeldTask): AbortSignal {
    const lost = new AbortController();
    this.held.set(task, lost);
    this.extending ??= setInterval(() => void this.extendAll(), this.interval);
    return lost.signal;
  }

  letGo(task: HeldTask): void {
    this.held.delete(task);
    if (this.held.size > 0) return;
    clearInterval(this.extending);
    this.extending = undefined;
  }

  private async extendAll(): Promise<void> {
    const tasks = [...this.held.keys()];
    for (let first = 0; first < tasks.length; first += mostTasks)
      await this.extendSome(tasks.slice(first, first + mostTasks)).catch((error: unknown) => this.tell(error));
  }

  private async extendSome(tasks: readonly HeldTask[]): Promise<void> {
    const { refused } = await this.extend(tasks.map(({ id, leaseToken }) => ({ id, leaseToken })));
    const byId = new Map(tasks.map((task) => [task.id, task]));
    for (const { id, reason } of refused) {
      const message = `The lease of task "${id}" was not extended: ${reason}.`;
      if (reason === 'unavailable') this.tell(new Error(message));
      else this.held.get(byId.get(id)!)?.abort(new LeaseLostError(message));
    }
  }
}
