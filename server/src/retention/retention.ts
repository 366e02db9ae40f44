import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { ServerIdentity } from '../database/server-identity.js';
import { dropPartitions, makePartitions } from './history-partitions.js';
import { type RetentionPeriods, readRetentionPeriods } from './retention-periods.js';
import { removeEndedInstances } from './sql/remove-ended-instances.js';
import { removeOldEvents } from './sql/remove-old-events.js';

const hour = 3_600_000;
/** Rows that one statement removes at most: others wait no longer than for one of them. */
const chunk = 1_000;
/** Any number that no other user of advisory locks in this database takes. */
const leaderLock = 7_310_011;

/**
 * Makes partitions ahead, and removes what is kept no longer: at the start and every hour. Of several servers the one that has the advisory lock does
 * it; the lock goes with its connection, and the next hour's first one takes over.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly periods: RetentionPeriods = readRetentionPeriods(process.env);
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly identity: ServerIdentity,
  ) {}

  onApplicationBootstrap(): void {
    if (this.identity.is('runner')) this.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private begin(): void {
    if (this.stopped) return;
    this.running = this.lead()
      .catch((error: unknown) =>
        this.logger.warn(`Old data could not be removed, and is tried again in an hour: ${String(error)}`),
      )
      .finally(() => {
        this.running = null;
        if (!this.stopped) this.clock.setAlarm('retention', this.clock.now() + hour, () => this.begin());
      });
  }

  private async lead(): Promise<void> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<{ led: boolean }>('SELECT pg_try_advisory_lock($1) AS led', [leaderLock]);
      if (!rows[0]!.led) return;
      try {
        await this.keepHouse();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [leaderLock]);
      }
    } finally {
      client.release();
    }
  }

  private async keepHouse(): Promise<void> {
    const { pool, periods } = this;
    const now = this.clock.now();
    await makePartitions(pool, now);
    if (periods.instances !== null) {
      const cutoff = now - periods.instances;
      // Whole months first: what they hold need not be removed row by row.
      await dropPartitions(pool, cutoff);
      while (!this.stopped && (await removeEndedInstances(pool, cutoff, chunk)) === chunk);
    }
    if (periods.events !== null) {
      const cutoff = now - periods.events;
      while (!this.stopped && (await removeOldEvents(pool, cutoff, chunk)) === chunk);
    }
  }
}
