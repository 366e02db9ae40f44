import { gzipSync } from 'node:zlib';
import { decompressBounded, mostBatchBytes, refusalOf } from './bounded-gzip.js';

/** An answer of a broker, as far as it holds batches with these compressed records; returns the records within it. */
function answerWith(...batches: readonly { readonly records: Buffer; readonly count: number }[]): Buffer[] {
  const answer = Buffer.from(new ArrayBuffer(batches.reduce((sum, { records }) => sum + 61 + records.length, 0)));
  let end = 0;
  return batches.map(({ records, count }, index) => {
    const header = answer.subarray(end, end + 61);
    header.writeBigInt64BE(BigInt(100 * (index + 1)), 0);
    header.writeInt32BE(49 + records.length, 8);
    header.writeInt8(2, 16);
    header.writeInt32BE(count - 1, 23);
    header.writeInt32BE(count, 57);
    const begin = end + 61;
    end = begin + records.length;
    records.copy(answer, begin);
    return answer.subarray(begin, end);
  });
}

const zeros = (bytes: number): Buffer => gzipSync(Buffer.alloc(bytes));

describe('decompressBounded', () => {
  it('decompresses what is within the bounds', async () => {
    const [records] = answerWith({ records: gzipSync('as it was'), count: 1 });
    const content = await decompressBounded(records!);
    expect(String(content)).toBe('as it was');
    expect(refusalOf({ value: content })).toBeUndefined();
  });

  it.each([
    ['too large', zeros(mostBatchBytes + 1), 'offsets 100 to 102 is larger than 32 MB'],
    ['no gzip', Buffer.from('something else'), 'offsets 100 to 102 cannot be decompressed'],
  ])('gives empty records, as many as there were, for what is %s', async (_what, compressed, reason) => {
    const [records] = answerWith({ records: compressed, count: 3 });
    const content = await decompressBounded(records!);
    // Length, attributes, timestamp, offset 2, no key, no body, no headers.
    expect(content.toString('hex')).toBe('0c000004010000'.repeat(3));
    expect(refusalOf({ value: content.subarray(5, 5) })).toContain(reason);
  });

  it('leaves what comes after enough of one answer to be asked for again', async () => {
    const large = { records: zeros(mostBatchBytes), count: 1 };
    const [first, second, third] = answerWith(large, large, large);
    await decompressBounded(first!);
    await decompressBounded(second!);
    await expect(decompressBounded(third!)).rejects.toThrow(
      expect.objectContaining({ name: 'KafkaJSPartialMessageError' }) as Error,
    );
    const [again] = answerWith(large);
    expect(await decompressBounded(again!)).toHaveLength(mostBatchBytes);
  });

  it('refuses more records than can be stepped over', async () => {
    const [records] = answerWith({ records: zeros(10), count: 2_000_000_000 });
    await expect(decompressBounded(records!)).rejects.toThrow('from offset 100 on says that it has 2000000000 records');
  });
});
