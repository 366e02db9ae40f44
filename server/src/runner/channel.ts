import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

/** What a commit has brought about that others may wait for. */
export interface News {
  /** Earliest due time of the commands written, milliseconds since 1970; null: none was written. */
  readonly due: number | null;
  /** Whether there are new jobs. */
  readonly jobs: boolean;
  /** Whether jobs that may be under way are not wanted any more. */
  readonly cancelledJobs: boolean;
  /** Keys of the workflows whose instances were moved; null: too many to list. */
  readonly workflows: readonly string[] | null;
}

/** What a server tells the others about what it committed. */
export interface Notice extends News {
  /** Id of the server. */
  readonly from: string;
}

export const channelName = 'xflow_runner';

/** Statement that sends a notice with the commit of its transaction. */
export const notifyStatement = { name: 'notify', text: `SELECT pg_notify('${channelName}', $1)` };

/**
 * Hears what other servers on this database commit. Waiting costs nothing: PostgreSQL sends (LISTEN/NOTIFY, 0.06 ms), nobody
 * polls. A lost connection is made anew; what was said meanwhile is lost, so `onGap` has to look for itself.
 */
export class Channel {
  private client: PoolClient | null = null;
  private closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly hear: (notice: Notice) => void,
    private readonly onGap: () => void,
  ) {}

  /** Listens until closed; resolves when it does for the first time. */
  async open(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query(`LISTEN ${channelName}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (this.closed) {
      client.release(true);
      return;
    }
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) this.hear(JSON.parse(payload) as Notice);
    });
    client.on('error', () => this.reopen(client));
    client.on('end', () => this.reopen(client));
    this.client = client;
  }

  close(): void {
    this.closed = true;
    this.client?.release(true);
    this.client = null;
  }

  private reopen(lost: PoolClient): void {
    if (this.closed || this.client !== lost) return;
    this.client = null;
    lost.release(true);
    void this.retry();
  }

  private async retry(): Promise<void> {
    for (let delay = 50; !this.closed; delay = Math.min(delay * 2, 5_000)) {
      try {
        await this.open();
        this.onGap();
        return;
      } catch {
        await sleep(delay, undefined, { ref: false });
      }
    }
  }
}
