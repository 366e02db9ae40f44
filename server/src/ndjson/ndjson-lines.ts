import { isUtf8 } from 'node:buffer';

/** One line of an NDJSON body; a null text stands for a line that cannot be read, and `problem` tells why. */
export type NdjsonLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly text: null; readonly problem: string };

const newline = 0x0a;

/**
 * The lines of a stream of bytes, as they arrive; empty ones are left out. Keeps no more than one chunk and one line
 * in memory: a line longer than `maxLineBytes` is dropped while it passes by.
 */
export async function* ndjsonLines(body: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<NdjsonLine> {
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  let tooLong = false;

  const keep = (part: Buffer): void => {
    tooLong ||= restBytes + part.length > maxLineBytes;
    if (tooLong) {
      rest = [];
      restBytes = 0;
    } else if (part.length > 0) {
      rest.push(part);
      restBytes += part.length;
    }
  };
  const take = (): NdjsonLine | null => {
    number += 1;
    const line = tooLong ? tooLongLine(number, maxLineBytes) : decode(number, rest);
    rest = [];
    restBytes = 0;
    tooLong = false;
    return line;
  };

  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      const line = take();
      if (line !== null) yield line;
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  const last = take();
  if (last !== null) yield last;
}

function decode(line: number, parts: readonly Buffer[]): NdjsonLine | null {
  const [first] = parts;
  if (first === undefined) return null;
  const bytes = parts.length === 1 ? first : Buffer.concat(parts);
  if (!isUtf8(bytes)) return { line, text: null, problem: 'The line is not valid UTF-8. Send UTF-8.' };
  let text = bytes.toString('utf8');
  // A byte order mark is no part of the text (RFC 8259, section 8.1).
  if (line === 1 && text.startsWith('\ufeff')) text = text.slice(1);
  return text.trim() === '' ? null : { line, text };
}

function tooLongLine(line: number, maxLineBytes: number): NdjsonLine {
  return { line, text: null, problem: `The line is longer than ${maxLineBytes} bytes. Send less in one line.` };
}
