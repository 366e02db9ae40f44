import { CsvError, parse } from 'csv-parse';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import xz from 'xz-decompress';
import { CommandError, exitCode } from '../command-error.js';
import type { Mapping } from './mapping.js';

/** Bytes of one row; a quote that is never closed would otherwise swallow the rest of the file. */
const longestRow = 1_048_576;
/** Bytes of content that tell one file from another. */
const fingerprintBytes = 65_536;

/** One row: cells by position (CSV), or what JSON.parse gave (NDJSON); a string says why it could not be read. */
export type Row = { readonly line: number } & (
  | { readonly cells: readonly string[] }
  | { readonly document: Readonly<Record<string, unknown>> }
  | { readonly unreadable: string; readonly text: string }
);

export interface RowSource {
  /** Names of the columns, from the first line of a CSV file; null for NDJSON. */
  readonly columns: readonly string[] | null;
  /** Bytes of the file as it lies on disk that were read so far; and in all. */
  readonly bytesRead: () => number;
  readonly size: number;
  /** In order of the file, each with the number of the line it begins on (1 is the first of the file). */
  readonly rows: AsyncIterable<Row>;
}

/** Opens a CSV or NDJSON file, plain or packed (`.gz`, `.xz`). Reads no faster than its rows are taken. */
export async function openRows(path: string, mapping: Mapping): Promise<RowSource> {
  const { size } = await statistics(path);
  const file = createReadStream(path, { highWaterMark: 262_144 });
  const content = unpack(file, path);
  const source = { size, bytesRead: () => file.bytesRead };
  if (formatOf(path, mapping) === 'ndjson') return { ...source, columns: null, rows: readDocuments(content, path) };
  const records = readRecords(content, path, mapping.delimiter ?? ',');
  const header = await records.next();
  if (header.done)
    throw new CommandError(`${path} is empty. A CSV file begins with the names of its columns.`, exitCode.usage);
  return { ...source, columns: header.value.cells, rows: checkWidth(records, header.value.cells.length) };
}

/** A short hash of the beginning of the content: the same for a file, its copy, and its packed form. */
export async function fingerprint(path: string): Promise<string> {
  await statistics(path);
  const hash = createHash('sha256');
  let missing = fingerprintBytes;
  try {
    for await (const chunk of unpack(createReadStream(path), path)) {
      const bytes = (chunk as Buffer).subarray(0, missing);
      hash.update(bytes);
      missing -= bytes.length;
      if (missing === 0) break;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return hash.digest('hex').slice(0, 16);
}

async function statistics(path: string): Promise<{ readonly size: number }> {
  try {
    const file = await open(path);
    try {
      const found = await file.stat();
      if (found.isFile()) return found;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new CommandError(`${path} is not a file.`, exitCode.usage);
}

function formatOf(path: string, mapping: Mapping): 'csv' | 'ndjson' {
  return mapping.format ?? (/\.(ndjson|jsonl)(\.gz|\.xz)?$/.test(path) ? 'ndjson' : 'csv');
}

function unpack(file: Readable, path: string): Readable {
  if (path.endsWith('.gz')) return piped(file, createGunzip());
  if (!path.endsWith('.xz')) return file;
  return Readable.fromWeb(new xz.XzReadableStream(Readable.toWeb(file) as ReadableStream) as never);
}

/** Ends the whole chain when one part of it fails or is abandoned. */
function piped(source: Readable, target: Transform): Transform {
  return pipeline(source, target, () => {
    // The reader of `target` sees the error.
  });
}

async function* readRecords(content: Readable, path: string, delimiter: string) {
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: longestRow,
  });
  let line = 1;
  try {
    for await (const record of piped(content, parser)) {
      const cells = record as string[];
      yield { line, cells };
      line += 1;
      for (const cell of cells) if (cell.includes('\n')) line += cell.split('\n').length - 1;
    }
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') throw endlessRow(path, line);
    if (error instanceof CsvError) {
      throw new CommandError(
        `${path} cannot be read from line ${line} on: ${error.message}. Repair the line and import again.`,
      );
    }
    throw unreadable(path, error);
  }
}

async function* checkWidth(
  records: AsyncIterable<{ line: number; cells: string[] }>,
  width: number,
): AsyncGenerator<Row> {
  for await (const row of records) {
    if (row.cells.length === width) yield row;
    else if (row.cells.length === 1 && row.cells[0] === '') continue;
    else {
      const side = row.cells.length < width ? 'fewer' : 'more';
      yield { line: row.line, unreadable: `The row has ${side} cells than the header`, text: row.cells.join(',') };
    }
  }
}

async function* readDocuments(content: Readable, path: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of readLines(content, path)) {
    line += 1;
    if (text.trim() === '') continue;
    yield { line, ...readDocument(text) };
  }
}

function readDocument(text: string): { document: Record<string, unknown> } | { unreadable: string; text: string } {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return { document: document as Record<string, unknown> };
    }
    return { unreadable: 'The line is not a JSON object', text };
  } catch {
    return { unreadable: 'The line is not JSON', text };
  }
}

async function* readLines(content: Readable, path: string): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  try {
    for await (const chunk of content.setEncoding('utf8')) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop()!;
      line += lines.length;
      yield* lines;
      if (rest.length > longestRow) throw endlessRow(path, line);
    }
  } catch (error) {
    throw error instanceof CommandError ? error : unreadable(path, error);
  }
  if (rest !== '') yield rest;
}

function endlessRow(path: string, line: number): CommandError {
  return new CommandError(
    `${path}: the row that begins on line ${line} is longer than ${longestRow} bytes. Look for a quote that is not closed, or a line that does not end.`,
  );
}

function unreadable(path: string, error: unknown): CommandError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'it does not exist' : message;
  return new CommandError(`${path} cannot be read: ${reason}.`, exitCode.usage);
}
