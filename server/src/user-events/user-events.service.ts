import { Injectable } from '@nestjs/common';
import type { BulkResult, UserEvent } from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { InvalidRequestError } from '../http-problems/problem-error.js';
import { BadLine, readBulk } from '../ndjson/read-bulk.js';
import { Runner } from '../runner/runner.js';
import { insertUserEvents } from './insert-user-events.js';
import { userEventRow, type UserEventRow } from './user-event-row.js';

/** What users did. */
@Injectable()
export class UserEventsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
  ) {}

  async ingest(event: UserEvent): Promise<BulkResult> {
    const row = userEventRow({ ...event });
    if (row instanceof BadLine) {
      throw new InvalidRequestError([
        { field: '$', message: row.reason, remedy: 'Correct the event; /api/docs tells its shape.' },
      ]);
    }
    const duplicates = await this.insert([row]);
    return { accepted: 1 - duplicates, duplicates, rejected: [], rejectedCount: 0 };
  }

  /** NDJSON: one event a line. */
  ingestBulk(body: unknown, contentLength: string | undefined): Promise<BulkResult> {
    return readBulk(body, contentLength, {
      parse: userEventRow,
      concurrentWrites: 2,
      write: (rows) => this.insert(rows),
    });
  }

  /** How many were there already. */
  async insert(rows: readonly UserEventRow[]): Promise<number> {
    const { duplicates, noted } = await insertUserEvents(this.pool, rows, this.clock.now());
    if (noted) this.runner.lookAgain();
    return duplicates;
  }
}
