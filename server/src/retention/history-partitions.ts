import { DateTime } from 'luxon';
import type { Pool } from 'pg';
import { DatabaseError } from 'pg';
import { inTransaction } from '../runner/transaction.js';
import { dropPartition, findPartitions, isPartitionNeeded, makePartition } from './sql/history-partitions.js';

/** A month of instances. */
export interface Month {
  /** Name of its partition. */
  readonly table: string;
  /** Lowest id of an instance that starts in it, and of one that starts after it. */
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly end: number;
}

/** Months after the current one whose partitions are there before they are needed. */
const ahead = 2;

/** Makes the partitions of the current month and of those to come, where they are missing. */
export async function makePartitions(pool: Pool, now: number): Promise<void> {
  const there = new Set(await findPartitions(pool));
  for (let offset = 0; offset <= ahead; offset += 1) {
    const month = monthOf(DateTime.fromMillis(now, { zone: 'utc' }).plus({ months: offset }));
    if (!there.has(month.table)) await makeUnlessInUse(pool, month);
  }
}

/** Drops the partitions of months whose instances all ended before `cutoff`. */
export async function dropPartitions(pool: Pool, cutoff: number): Promise<void> {
  for (const table of await findPartitions(pool)) {
    const month = monthOfTable(table);
    if (!month || month.end > cutoff) continue;
    await inTransaction(pool, async (client) => {
      if (!(await isPartitionNeeded(client, month, cutoff))) await dropPartition(client, month.table);
    });
  }
}

/** Where rows of the month are in the default partition already, they stay there, and the month has no partition of its own. */
async function makeUnlessInUse(pool: Pool, month: Month): Promise<void> {
  try {
    await inTransaction(pool, (client) => makePartition(client, month));
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '23514')) throw error;
  }
}

function monthOfTable(table: string): Month | null {
  const [, year, month] = /^history_(\d{4})_(\d{2})$/.exec(table) ?? [];
  return year === undefined ? null : monthOf(DateTime.utc(Number(year), Number(month)));
}

function monthOf(time: DateTime): Month {
  const start = time.startOf('month');
  const end = start.plus({ months: 1 });
  return {
    table: `history_${start.toFormat('yyyy_MM')}`,
    from: lowestId(start),
    to: lowestId(end),
    end: end.toMillis(),
  };
}

/** The lowest UUID of version 7 of a time (RFC 9562, 5.7): its first 48 bits are the milliseconds. */
function lowestId(time: DateTime): string {
  const hex = time.toMillis().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
