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
  /** Whether the sender is at work: the others look after it, should they not hear from it again. Missing: no. */
  readonly atWork?: boolean;
}

export const channelName = 'xflow_runner';

/** Statement that sends a notice with the commit of its transaction. */
export const notifyStatement = { name: 'notify', text: `SELECT pg_notify('${channelName}', $1)` };

/** Milliseconds between two notices: what is committed meanwhile is told in one. */
const pace = 5;

/**
 * Hears what other servers on this database commit, and tells them. Waiting costs nothing: PostgreSQL sends (LISTEN/NOTIFY, 0.06 ms), nobody
 * polls. A lost connection is made anew; what was said meanwhile is lost, so `onGap` has to look for itself.
 *
 * What is told goes out after the commit, on the connection that listens: a NOTIFY within the transaction holds a lock of the whole database
 * while the commit waits for the disk, so that commits would wait for each other instead of reaching the disk together.
 */
export class Channel {
  private client: PoolClient | null = null;
  private closed = false;
  /** What is still to be told. */
  private news: News | null = null;
  private telling = false;

  constructor(
    private readonly pool: Pool,
    /** Id of this server. */
    private readonly from: string,
    private readonly hear: (notice: Notice) => void,
    private readonly onGap: () => void,
  ) {}

  /** Listens until closed; resolves when it does for the first time. */
  async open(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query(`LISTEN ${channelName}`);
      // A notice is no data: nothing of it must reach the disk.
      await client.query('SET synchronous_commit = off');
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (this.closed) {
      client.release(true);
      return;
    }
    client.on('notification', ({ payload }) => {
      const notice = payload === undefined ? null : readNotice(payload);
      if (notice !== null) this.hear(notice);
    });
    client.on('error', () => this.reopen(client));
    client.on('end', () => this.reopen(client));
    this.client = client;
    if (this.news !== null && !this.telling) void this.tellOn();
  }

  /** Tells the others what was committed, within a few milliseconds; should this process die before, {@link Runner} has made them look by themselves. */
  tell(news: News): void {
    this.news = this.news === null ? news : merge(this.news, news);
    if (!this.telling) void this.tellOn();
  }

  private async tellOn(): Promise<void> {
    this.telling = true;
    while (this.client !== null && this.news !== null) {
      const notice: Notice = { from: this.from, ...this.news };
      this.news = null;
      try {
        await this.client.query({ ...notifyStatement, values: [JSON.stringify(notice)] });
      } catch {
        // The connection broke. The others look by themselves, because they do not hear from this server any more.
      }
      await sleep(pace, undefined, { ref: false });
    }
    this.telling = false;
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

function merge(one: News, other: News): News {
  const dues = [one.due, other.due].filter((due) => due !== null);
  return {
    due: dues.length === 0 ? null : Math.min(...dues),
    jobs: one.jobs || other.jobs,
    cancelledJobs: one.cancelledJobs || other.cancelledJobs,
    workflows:
      one.workflows === null || other.workflows === null
        ? null
        : listed([...new Set([...one.workflows, ...other.workflows])]),
  };
}

/** What a notice may hold: PostgreSQL takes no more than 8,000 bytes. */
export const listed = (keys: readonly string[]): readonly string[] | null =>
  keys.reduce((length, key) => length + 4 * key.length, 0) < 4_000 ? keys : null;

/** What a server of another version says may have more fields, or fewer; null: it is no notice that this version understands. */
export function readNotice(payload: string): Notice | null {
  let said: unknown;
  try {
    said = JSON.parse(payload);
  } catch {
    return null;
  }
  if (typeof said !== 'object' || said === null) return null;
  const { from, due, jobs, cancelledJobs, workflows, atWork } = said as { readonly [Field in keyof Notice]?: unknown };
  if (typeof from !== 'string') return null;
  const isListed = Array.isArray(workflows) && workflows.every((key): key is string => typeof key === 'string');
  return {
    from,
    due: typeof due === 'number' ? due : null,
    jobs: jobs === true,
    cancelledJobs: cancelledJobs === true,
    workflows: isListed ? workflows : null,
    atWork: atWork === true,
  };
}
