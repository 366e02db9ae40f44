import type { ActivatedTask, ActivateTasksResponse, ExtendTasksResponse, HeldTask } from '@xflow/schemas';
import { BpmnError } from '../task-handlers/bpmn-error.js';
import { Completions } from './completions.js';
import { HeldLeases } from './held-leases.js';
import { LeaseLostError, RefusedError } from './refused-error.js';

export type WorkerTask = ActivatedTask;

export interface WorkerOptions {
  /** Task types that it does. */
  readonly types: readonly string[];
  /**
   * Does a task, at least once: hand `task.idempotencyKey` on wherever a repeat would hurt.
   * @returns variables for the instance
   * @throws {BpmnError} for a failure that the diagram foresees; anything else is tried again, and at last an incident
   * @param signal aborts when the lease is lost: somebody else has the task, or its instance went on without it
   */
  work(task: WorkerTask, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Tasks at a time; default 10. */
  readonly concurrency?: number;
  /** Seconds after which others may have the task, should this process die; extended while it works. Default 30. */
  readonly leaseSeconds?: number;
  /** Seconds until a failed task is tried again; default: grows with every attempt. */
  readonly retryAfterSeconds?: number;
  /** For operators. */
  readonly name?: string;
  /** Sent with every request, such as an authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told what could not be fetched or reported; the worker goes on. Default: console.error. */
  onError?(error: unknown): void;
}

/** Milliseconds that a request may wait for tasks, and how much longer it may take. */
const patience = 30_000;
const margin = 10_000;
const longestPause = 10_000;

/**
 * Does tasks of a server from outside, over HTTP. It needs nothing but `fetch`.
 *
 * ```ts
 * const worker = new Worker('http://127.0.0.1:3000', { types: ['charge-card'], work: async ({ input }) => ({ receipt: await charge(input) }) });
 * worker.start();
 * process.once('SIGTERM', () => worker.stop());
 * ```
 */
export class Worker {
  private readonly stopping = new AbortController();
  private readonly working = new Set<Promise<void>>();
  private running: Promise<void> | null = null;
  private readonly completions = new Completions((path, body) => this.post(path, body, AbortSignal.timeout(margin)));

  private readonly leases: HeldLeases;

  /** @param url root of the server */
  constructor(
    private readonly url: string,
    private readonly options: WorkerOptions,
  ) {
    const { leaseSeconds = 30 } = options;
    this.leases = new HeldLeases(
      (tasks) => this.extend(tasks, leaseSeconds),
      leaseSeconds * 400,
      (error) => this.tell(error),
    );
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Asks for no more, and resolves when the tasks under way are reported. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.working);
  }

  private async run(): Promise<void> {
    const { concurrency = 10 } = this.options;
    let pause = 100;
    while (!this.stopping.signal.aborted) {
      try {
        for (const task of await this.activate(concurrency - this.working.size)) this.begin(task);
        pause = 100;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.tell(error);
        await this.sleep(pause);
        pause = Math.min(pause * 2, longestPause);
      }
      if (this.working.size >= concurrency) await Promise.race(this.working);
      // What ends with it makes room for the same request.
      await new Promise(setImmediate);
    }
  }

  private async activate(maxTasks: number): Promise<readonly WorkerTask[]> {
    const { types, leaseSeconds = 30, name } = this.options;
    const request = { types, maxTasks, leaseSeconds, waitSeconds: patience / 1_000, ...(name ? { worker: name } : {}) };
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(patience + margin)]);
    const response = await this.post('activate', request, signal);
    return ((await response.json()) as ActivateTasksResponse).tasks;
  }

  private begin(task: WorkerTask): void {
    const working = this.attempt(task)
      .catch((error: unknown) => this.tell(error))
      .finally(() => this.working.delete(working));
    this.working.add(working);
  }

  private async attempt(task: WorkerTask): Promise<void> {
    const { leaseToken } = task;
    const { retryAfterSeconds } = this.options;
    const lost = this.leases.hold(task);
    try {
      const variables = (await this.options.work(task, lost)) ?? {};
      await this.persist(() => this.completions.send({ id: task.id, leaseToken, variables }));
    } catch (error) {
      if (lost.aborted || error instanceof LeaseLostError) throw error;
      if (error instanceof BpmnError) {
        const { code, message, variables } = error;
        await this.report(task, 'throw-error', { leaseToken, code, message, variables });
      } else {
        const reason = (error instanceof Error ? error.message : String(error)).slice(0, 10_000) || 'It failed.';
        await this.report(task, 'fail', { leaseToken, reason, retryAfterSeconds });
      }
    } finally {
      this.leases.letGo(task);
    }
  }

  private async extend(tasks: readonly HeldTask[], leaseSeconds: number): Promise<ExtendTasksResponse> {
    const request = { tasks, leaseSeconds };
    return await this.persist(async () => {
      const response = await this.post('extend', request, AbortSignal.timeout(margin));
      return (await response.json()) as ExtendTasksResponse;
    });
  }

  private async report(task: WorkerTask, name: string, body: object): Promise<void> {
    const path = `${encodeURIComponent(task.id)}/${name}`;
    await this.persist(() => this.post(path, body, AbortSignal.timeout(margin)));
  }

  /** Tries again while the server cannot be reached, for as long as the lease holds: the work is done, and should not be done twice. */
  private async persist<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    const until = Date.now() + (this.options.leaseSeconds ?? 30) * 1_000;
    for (let pause = 100; ; pause *= 2) {
      try {
        return await send();
      } catch (error) {
        if (error instanceof RefusedError || Date.now() + pause > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  private async post(path: string, body: object, signal: AbortSignal): Promise<Response> {
    const response = await fetch(new URL(`/api/tasks/${path}`, this.url), {
      method: 'POST',
      headers: { ...this.options.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (response.ok) return response;
    const message = `POST /api/tasks/${path}: ${response.status} ${await response.text()}`;
    if (response.status === 404 || response.status === 409) throw new LeaseLostError(message);
    if (response.status === 429 || response.status >= 500) throw new Error(message);
    throw new RefusedError(message);
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timeout);
        resolve();
      };
      const timeout = setTimeout(done, milliseconds);
      this.stopping.signal.addEventListener('abort', done, { once: true });
    });
  }

  private tell(error: unknown): void {
    if (this.options.onError) this.options.onError(error);
    else console.error(error);
  }
}
