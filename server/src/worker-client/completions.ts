import type { CompleteTasksResponse, TaskCompletion } from '@xflow/schemas';
import { LeaseLostError, RefusedError } from './refused-error.js';

/** Most completions of a request, and roughly most characters of their variables: a server takes larger bodies, but answers the sooner. */
const mostTasks = 250;
const mostCharacters = 256_000;

interface Waiting {
  readonly completion: TaskCompletion;
  readonly characters: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Sends completions together: those of the same turn of the event loop, and those that come while an earlier request is under way. Each is
 * answered for itself.
 */
export class Completions {
  private waiting: Waiting[] = [];
  private sending = false;

  /** @param post sends a body below `/api/tasks/`; rejects unless it was taken, with a {@link RefusedError} where it never will be */
  constructor(private readonly post: (path: string, body: object) => Promise<Response>) {}

  /** Resolves when the task is completed. @throws {LeaseLostError} where somebody else has the task, or nobody needs it any more; an error of another class where it may be sent again */
  send(completion: TaskCompletion): Promise<void> {
    return new Promise((resolve, reject) => {
      const characters = JSON.stringify(completion.variables ?? {}).length;
      this.waiting.push({ completion, characters, resolve, reject });
      if (this.sending) return;
      this.sending = true;
      setImmediate(() => void this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) await this.sendSome(this.take());
    this.sending = false;
  }

  private take(): readonly Waiting[] {
    let characters = 0;
    const end = this.waiting.findIndex((waiting, index) => {
      characters += waiting.characters;
      return index === mostTasks || (index > 0 && characters > mostCharacters);
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async sendSome(some: readonly Waiting[]): Promise<void> {
    try {
      const response = await this.post('complete', { tasks: some.map(({ completion }) => completion) });
      const { refused } = (await response.json()) as CompleteTasksResponse;
      const reasons = new Map(refused.map(({ id, reason }) => [id, reason]));
      for (const { completion, resolve, reject } of some) {
        const reason = reasons.get(completion.id);
        if (reason === undefined) resolve();
        else if (reason === 'unavailable') reject(new Error(`The server could not complete task "${completion.id}".`));
        else reject(new LeaseLostError(`Task "${completion.id}" was not completed: ${reason}.`));
      }
    } catch (error) {
      // What makes the server refuse all of them is in one of them.
      if (error instanceof RefusedError && some.length > 1) for (const one of some) await this.sendSome([one]);
      else for (const { reject } of some) reject(error);
    }
  }
}
