import type { ApiClient } from '../api-client.js';
import { BulkSender, type SentChunk } from './bulk-sender.js';
import { Checkpoint, type ImportState, type ImportTotals, nothingImported } from './checkpoint.js';
import { ChunkBuilder } from './chunk.js';
import type { Mapping } from './mapping.js';
import { type Reject, RejectsFile } from './rejects-file.js';
import { compileMapping } from './row-mapper.js';
import { fingerprint, openRows } from './row-source.js';

/** Different reasons that are counted on their own. */
const countedReasons = 50;
const listedRejects = 10;

export interface ImportOptions {
  readonly file: string;
  readonly mapping: Mapping;
  readonly client: ApiClient;
  /** Folder of the checkpoints. */
  readonly checkpoints: string;
  /** Begin at the first line, even when a checkpoint says otherwise. */
  readonly restart: boolean;
  readonly rejectsFile: string | null;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Bytes of the file, as it lies on disk. */
  readonly bytesRead: number;
  readonly size: number;
  readonly totals: ImportTotals;
}

export interface ImportReport {
  /** Of this run and the ones it continues. */
  readonly totals: ImportTotals;
  /** Line after which this run began; 0: at the beginning. */
  readonly resumedAfter: number;
  /** The first rejected rows of this run. */
  readonly firstRejects: readonly Reject[];
}

/**
 * Streams a file into `/users/bulk` and `/events/bulk`. Memory is bounded: the file is read no faster than the server
 * acknowledges. Bad rows are counted and skipped. A failure leaves the checkpoint behind, and the next run goes on from there.
 */
export async function importFile(options: ImportOptions): Promise<ImportReport> {
  const { file, mapping, client } = options;
  const fileId = await fingerprint(file);
  const checkpoint = new Checkpoint(options.checkpoints, [fileId, JSON.stringify(mapping), client.url]);
  const begun = options.restart ? nothingImported : ((await checkpoint.load()) ?? nothingImported);
  const source = await openRows(file, mapping);
  const mapRow = compileMapping(mapping, source.columns, fileId);
  const rejectsFile =
    options.rejectsFile === null ? null : await RejectsFile.open(options.rejectsFile, begun.rejectsBytes);

  let state: ImportState = begun;
  const firstRejects: Reject[] = [];
  const sender = new BulkSender(client, source.columns, async (sent) => {
    await rejectsFile?.append(sent.rejects);
    firstRejects.push(...sent.rejects.slice(0, listedRejects - firstRejects.length));
    const totals = addTo(state.totals, sent);
    state = { line: sent.chunk.lastLine, totals, rejectsBytes: rejectsFile?.bytes ?? 0 };
    await checkpoint.save(state);
    options.onProgress({ bytesRead: source.bytesRead(), size: source.size, totals });
  });

  try {
    const builder = new ChunkBuilder(source.columns);
    for await (const row of source.rows) {
      if (row.line <= begun.line) continue;
      const full = builder.add(row, mapRow(row));
      if (full) await sender.send(full);
    }
    const rest = builder.take();
    if (rest) await sender.send(rest);
    await sender.drain();
  } finally {
    await sender.settle();
    await rejectsFile?.close();
  }
  await checkpoint.remove();
  return { totals: state.totals, resumedAfter: begun.line, firstRejects };
}

function addTo(totals: ImportTotals, sent: SentChunk): ImportTotals {
  const reasons: Record<string, number> = { ...totals.reasons };
  const count = (reason: string, by: number) => {
    const name = reason in reasons || Object.keys(reasons).length < countedReasons ? reason : 'Other reasons';
    reasons[name] = (reasons[name] ?? 0) + by;
  };
  for (const { reason } of sent.rejects) count(reason, 1);
  if (sent.unlisted > 0) count('Refused by the server, which lists 1,000 rows of a request', sent.unlisted);
  return {
    rows: totals.rows + sent.chunk.rows,
    users: totals.users + sent.users,
    events: totals.events + sent.events,
    duplicates: totals.duplicates + sent.duplicates,
    withoutEvent: totals.withoutEvent + sent.chunk.withoutEvent,
    rejected: totals.rejected + sent.rejects.length + sent.unlisted,
    reasons,
  };
}
