import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { ExportedInstance } from '@xflow/schemas';
import { Pool } from 'pg';
import type { HistoryStep } from '../runner/sql/insert-history.js';
import { summaryColumns, summarySource, toSummary, type InstanceSummaryRow } from './instance-row.js';

export interface ExportFilter {
  readonly workflow?: string;
  /** RFC 3339 times; the second one excluded. */
  readonly endedFrom?: string;
  readonly endedTo?: string;
}

/** Instances read at a time; the next ones when the reader has taken these. */
const page = 200;

/** Finished instances with all that happened to them, for an archive. */
@Injectable()
export class InstanceExport {
  constructor(private readonly pool: Pool) {}

  /** NDJSON, an {@link ExportedInstance} a line, in the order of their ends. Reads no faster than it is read. */
  stream(filter: ExportFilter): Readable {
    return Readable.from(this.lines(filter));
  }

  private async *lines(filter: ExportFilter): AsyncGenerator<string> {
    let after: { readonly ended_at: string; readonly id: string } | null = null;
    for (;;) {
      const rows: readonly ExportRow[] = await this.read(filter, after);
      if (rows.length === 0) return;
      yield rows.map((row) => `${JSON.stringify(toExported(row))}\n`).join('');
      const last = rows.at(-1)!;
      after = { ended_at: last.end_text, id: last.id };
    }
  }

  private async read(
    { workflow, endedFrom, endedTo }: ExportFilter,
    after: { readonly ended_at: string; readonly id: string } | null,
  ): Promise<readonly ExportRow[]> {
    const values = [workflow ?? null, endedFrom ?? '-infinity', endedTo ?? 'infinity', after?.ended_at, after?.id];
    const { rows } = await this.pool.query<ExportRow>(after ? next : first, after ? values : values.slice(0, 3));
    return rows;
  }
}

interface ExportRow extends InstanceSummaryRow {
  /** With its microseconds, which a Date drops. */
  readonly end_text: string;
  readonly histories: readonly (readonly HistoryStep[])[];
}

const select = (condition: string): string => `
  WITH ended AS (
    SELECT ${summaryColumns} FROM ${summarySource}
    WHERE i.ended_at >= $2::timestamptz AND i.ended_at < $3::timestamptz AND ($1::text IS NULL OR i.workflow_key = $1) ${condition}
    ORDER BY i.ended_at, i.id LIMIT ${page}
  )
  SELECT e.*, e.ended_at::text AS end_text, (
    SELECT coalesce(json_agg(h.steps ORDER BY h.revision), '[]') FROM history h WHERE h.subject_id = e.subject_id AND h.instance_id = e.id
  ) AS histories
  FROM ended e ORDER BY e.ended_at, e.id`;
const first = select('');
const next = select('AND (i.ended_at, i.id) > ($4::timestamptz, $5::uuid)');

function toExported(row: ExportRow): ExportedInstance {
  return {
    instance: { ...toSummary(row) },
    steps: row.histories
      .flat()
      .map(({ input, events }) => ({ input: { ...input }, events: events.map((event) => ({ ...event })) })),
  };
}
