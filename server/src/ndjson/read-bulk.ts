import { Readable } from 'node:stream';
import type { BulkResult } from '@xflow/schemas';
import { jsonBoundsProblems, maxDepth } from '../http-problems/json-bounds.js';
import { PayloadTooLargeError, UnsupportedMediaTypeError } from '../http-problems/problem-error.js';
import { ndjsonLines } from './ndjson-lines.js';

const maxBodyBytes = 16 * 1024 * 1024;
const maxLineBytes = 256 * 1024;
const maxListedRejects = 1000;
/** Rows of one statement: 5,000 are no faster, and take 170 MB more memory while two bodies of 16 MB are read. */
const batchRows = 2000;

/** How the lines of a bulk route become rows, and where the rows go. */
export interface BulkTarget<Row> {
  /** @returns the row, or why the line has none: whole sentences, with the remedy */
  parse(value: unknown): Row | BadLine | Promise<Row | BadLine>;
  /** Writes rows, in one transaction of its own where it can. @returns how many of them were there already */
  write(rows: readonly Row[]): Promise<number>;
  /** Batches written at a time, while the next is read; 1 where a later row must win over an earlier one. */
  readonly concurrentWrites: number;
}

export class BadLine {
  constructor(readonly reason: string) {}
}

/**
 * Reads an NDJSON body of at most 16 MB, and writes its rows batch by batch: while one is being written, the next is
 * read. Bad lines are skipped and reported. Every batch stands for itself: when the connection breaks, those before stay.
 * @param body the body as the NDJSON content-type parser left it
 * @param contentLength of the request, when it says one
 */
export async function readBulk<Row>(
  body: unknown,
  contentLength: string | undefined,
  target: BulkTarget<Row>,
): Promise<BulkResult> {
  if (!(body instanceof Readable)) {
    throw new UnsupportedMediaTypeError(
      'This route reads lines of JSON. Send content type application/x-ndjson, with one JSON object a line.',
    );
  }
  if (Number(contentLength) > maxBodyBytes) throw tooLarge(0);
  const result = { accepted: 0, duplicates: 0, rejectedCount: 0, rejected: [] as BulkResult['rejected'] };
  const reject = (line: number, reason: string): void => {
    result.rejectedCount += 1;
    if (result.rejected.length < maxListedRejects) result.rejected.push({ line, reason });
  };

  let rows: Row[] = [];
  /** Batches under way, oldest first. */
  const writing: Promise<void>[] = [];
  const write = async (): Promise<void> => {
    const batch = rows;
    rows = [];
    if (writing.length >= target.concurrentWrites) await writing.shift();
    const written = target.write(batch).then((duplicates) => {
      result.accepted += batch.length - duplicates;
      result.duplicates += duplicates;
    });
    // A failure is thrown where the promise is awaited; until then it is not unhandled.
    written.catch(() => undefined);
    writing.push(written);
  };

  let writtenLines = 0;
  const lines = ndjsonLines(
    bounded(body, () => writtenLines),
    maxLineBytes,
  );
  try {
    for await (const { line, ...read } of lines) {
      const row = read.text === null ? new BadLine(read.problem) : await parseLine(read.text, target);
      if (row instanceof BadLine) reject(line, row.reason);
      else rows.push(row);
      if (rows.length < batchRows) continue;
      await write();
      writtenLines = line;
    }
    if (rows.length > 0) await write();
    await Promise.all(writing);
  } catch (error) {
    // The rest of the body is let pass, for the connection carries the response, and the requests after this one.
    body.resume();
    await Promise.allSettled(writing);
    throw error;
  }
  return result;
}

function parseLine<Row>(text: string, target: BulkTarget<Row>): Row | BadLine | Promise<Row | BadLine> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new BadLine('The line is not valid JSON. Send one JSON object a line.');
  }
  // Unescaped, JSON can hold neither U+0000 nor halves of surrogate pairs; and depth takes as many brackets.
  if (text.includes('\\u') || opened(text) > maxDepth) {
    const [problem] = jsonBoundsProblems(value);
    if (problem !== undefined)
      return new BadLine(`${(problem.field ?? '$').slice(0, 200)}: ${problem.message} ${problem.remedy}`);
  }
  return target.parse(value);
}

/** How many brackets and braces are opened, in strings or outside of them. */
function opened(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) count += 1;
  }
  return count;
}

async function* bounded(body: Readable, writtenLines: () => number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw tooLarge(writtenLines());
    yield chunk;
  }
}

function tooLarge(writtenLines: number): PayloadTooLargeError {
  const taken = writtenLines === 0 ? 'None of it was taken' : `Its first ${writtenLines} lines were taken`;
  return new PayloadTooLargeError(
    `The body is larger than 16 MB. ${taken}. Send the lines in several requests; repeats of events with the same id are harmless.`,
  );
}
