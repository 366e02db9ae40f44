import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CompressionCodecs, CompressionTypes, type KafkaMessage } from 'kafkajs';
import { emptyRecords, headerBefore, type RecordBatchHeader } from './record-batch.js';

/** Bytes that one batch of records may have when it is decompressed. */
export const mostBatchBytes = 32 * 1024 * 1024;
/** The same of all batches of one answer of a broker; those beyond it are asked for again. */
const mostFetchBytes = 2 * mostBatchBytes;
/** Records of a compressed batch, which may be of a few bytes each. */
const mostRecords = 100_000;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** By the memory of the records that stand for those of a batch: why it is not taken in. */
const refusals = new WeakMap<ArrayBufferLike, string>();
/** By the memory of a broker's answer: bytes that were decompressed of it. */
const decompressed = new WeakMap<ArrayBufferLike, number>();

/**
 * Gives the library a gzip that is bounded, for a few KB may decompress to gigabytes. A batch that is too large, or is no gzip, is read as empty records, which
 * {@link refusalOf} tells from those of the topic, so that the partition goes on behind it.
 */
export function boundGzip(): void {
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) => await compress(buffer),
    decompress: decompressBounded,
  });
}

/** Why the batch of a record cannot be taken in: whole sentences; undefined: it can. */
export function refusalOf({ value }: Pick<KafkaMessage, 'value'>): string | undefined {
  return value === null ? undefined : refusals.get(value.buffer);
}

/**
 * @param records of a batch, compressed, within the answer of the broker
 * @throws an Error that the library takes for the end of what the broker has sent, and asks for the rest anew: enough was decompressed of this answer
 * @throws an Error that stops the reading of the partition, and tells why: there are too many records to step over
 */
export async function decompressBounded(records: Buffer): Promise<Buffer> {
  const header = headerBefore(records);
  if (header !== null && header.records > mostRecords)
    throw new Error(
      `The batch of records from offset ${header.firstOffset} on says that it has ${header.records} records; a compressed one may have ${mostRecords}. ` +
        'Move the offset of the consumer group behind it, and let producers send less at once.',
    );
  const before = decompressed.get(records.buffer) ?? 0;
  if (before >= mostFetchBytes) throw new EnoughDecompressedError();
  let content: Buffer;
  try {
    content = await decompress(records, { maxOutputLength: mostBatchBytes });
  } catch (error) {
    decompressed.set(records.buffer, before + mostBatchBytes);
    if (header === null) throw error;
    return refused(header, error as NodeJS.ErrnoException);
  }
  decompressed.set(records.buffer, before + content.length);
  return content;
}

function refused(header: RecordBatchHeader, error: NodeJS.ErrnoException): Buffer {
  const { firstOffset, lastOffsetDelta } = header;
  const batch = `The batch with the offsets ${firstOffset} to ${firstOffset + BigInt(lastOffsetDelta)}`;
  const reason =
    error.code === 'ERR_BUFFER_TOO_LARGE'
      ? `${batch} is larger than ${mostBatchBytes / 1024 / 1024} MB when it is decompressed. Send less at once.`
      : `${batch} cannot be decompressed: ${error.message}. Send it anew.`;
  const records = emptyRecords(header);
  refusals.set(records.buffer, reason);
  return records;
}

/** By its name, the library takes it for a batch that the broker has sent in part. */
class EnoughDecompressedError extends Error {
  override readonly name = 'KafkaJSPartialMessageError';
}
