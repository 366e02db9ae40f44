import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { Runner } from './runner.js';
import { foldCounts } from './sql/fold-counts.js';

/** How long changes of the numbers of instances are left as they were appended. Milliseconds. */
const interval = 10_000;

/** Folds what the batches append to the numbers of instances: a while after instances have moved, so that nobody polls while none does. */
@Injectable()
export class CountFolding implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CountFolding.name);
  private expected = false;
  private folding: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
    private readonly runner: Runner,
  ) {}

  onApplicationBootstrap(): void {
    if (this.identity.is('runner')) this.runner.listen({ moved: () => this.expect() });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.folding;
  }

  private expect(): void {
    if (this.expected || this.stopped) return;
    this.expected = true;
    this.clock.setAlarm('count-folding', this.clock.now() + interval, () => {
      this.expected = false;
      this.fold();
    });
  }

  private fold(): void {
    if (this.stopped) return;
    this.folding = foldCounts(this.pool)
      .catch((error: unknown) => {
        this.logger.warn(`The numbers of instances could not be folded, and are tried again: ${String(error)}`);
        this.expect();
      })
      .finally(() => (this.folding = null));
  }
}
