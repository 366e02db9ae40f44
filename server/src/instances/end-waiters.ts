import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Pool } from 'pg';
import { Runner } from '../runner/runner.js';

/**
 * Requests that wait for the end of an instance. They look when a runner, of this server or another, has moved instances: nobody
 * polls, and all that wait look with one statement.
 */
@Injectable()
export class EndWaiters implements OnModuleInit, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly runner: Runner,
  ) {}

  onModuleInit(): void {
    this.runner.listen({ moved: () => this.look() });
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    for (const waiters of this.waiting.values()) for (const resolve of waiters) resolve();
  }

  /** Resolves when the instance has ended, after `milliseconds`, or when the server stops. */
  async wait(instanceId: string, milliseconds: number): Promise<void> {
    // Accepted before the stop, and come this far after it.
    if (this.stopped) return;
    const waiters = this.waiting.get(instanceId) ?? new Set();
    this.waiting.set(instanceId, waiters);
    let done = (): void => undefined;
    const ended = new Promise<void>((resolve) => (done = resolve));
    waiters.add(done);
    const timeout = setTimeout(done, milliseconds);
    this.look();
    await ended;
    clearTimeout(timeout);
    waiters.delete(done);
    if (waiters.size === 0) this.waiting.delete(instanceId);
  }

  private look(): void {
    if (this.waiting.size === 0) return;
    this.lookAgain = true;
    this.looking ??= this.lookWhileAsked().finally(() => (this.looking = null));
  }

  private async lookWhileAsked(): Promise<void> {
    while (this.lookAgain) {
      this.lookAgain = false;
      const ids = [...this.waiting.keys()];
      // When the database cannot answer, the next look or the timeout does.
      const { rows } = await this.pool
        .query<{ id: string }>(`SELECT id FROM instance WHERE id = ANY($1::uuid[]) AND status <> 'active'`, [ids])
        .catch(() => ({ rows: [] }));
      for (const { id } of rows) for (const resolve of this.waiting.get(id) ?? []) resolve();
    }
  }
}
