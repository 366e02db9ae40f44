import { ndjsonLines, type NdjsonLine } from './ndjson-lines.js';

async function lines(text: string | Buffer, chunkBytes: number, maxLineBytes = 1000): Promise<NdjsonLine[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
  }
  const found: NdjsonLine[] = [];
  for await (const line of ndjsonLines(chunks(), maxLineBytes)) found.push(line);
  return found;
}

describe('ndjsonLines', () => {
  it.each([1, 2, 3, 1000])('puts lines together from chunks of %d bytes', async (size) => {
    expect(await lines('{"a":"ä"}\r\n\n  \n{"b":2}', size)).toEqual([
      { line: 1, text: '{"a":"ä"}\r' },
      { line: 4, text: '{"b":2}' },
    ]);
  });

  it('drops a byte order mark', async () => {
    expect(await lines('\ufeff{}\n', 4)).toEqual([{ line: 1, text: '{}' }]);
  });

  it('reports a line that is too long, and goes on', async () => {
    const found = await lines(`${'x'.repeat(30)}\n{}\n`, 7, 10);
    expect(found).toEqual([expect.objectContaining({ line: 1, text: null }), { line: 2, text: '{}' }]);
  });

  it('reports a line that is not UTF-8', async () => {
    const found = await lines(Buffer.from([0x22, 0xc3, 0x22, 0x0a, 0x31]), 100);
    expect(found).toEqual([expect.objectContaining({ line: 1, text: null }), { line: 2, text: '1' }]);
  });
});
