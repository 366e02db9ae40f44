/**
 * What stands before the records of a batch (format 2, https://kafka.apache.org/documentation/#recordbatch), and bytes of records to put in their place.
 */
export interface RecordBatchHeader {
  readonly firstOffset: bigint;
  /** Of the last record, from the first. */
  readonly lastOffsetDelta: number;
  readonly records: number;
}

const headerLength = 61;
const magic = 2;

/**
 * Reads the header of a batch from the memory before its records, where the library has them in one piece with the answer of the broker.
 * @returns null where no such header stands there
 */
export function headerBefore(records: Buffer): RecordBatchHeader | null {
  const { buffer, byteOffset, length } = records;
  if (byteOffset < headerLength) return null;
  const header = Buffer.from(buffer, byteOffset - headerLength, headerLength);
  // The length of what comes after it; it says whether this is the header of these records.
  const isTheirs = header.readInt8(16) === magic && header.readInt32BE(8) === headerLength - 12 + length;
  return isTheirs
    ? {
        firstOffset: header.readBigInt64BE(0),
        lastOffsetDelta: header.readInt32BE(23),
        records: header.readInt32BE(57),
      }
    : null;
}

/** As many empty records as the batch has, all of them with the offset of its last. */
export function emptyRecords({ lastOffsetDelta, records }: RecordBatchHeader): Buffer {
  // Attributes, timestamp, offset, no key, no body, no headers.
  const content = [0, 0, ...varint(lastOffsetDelta), ...varint(-1), 0, 0];
  const record = Buffer.from([...varint(content.length), ...content]);
  // Memory of its own, by which it is recognised.
  return Buffer.from(new ArrayBuffer(record.length * records)).fill(record);
}

/** Zigzag, as Kafka writes numbers of any length. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  bytes.push(left);
  return bytes;
}
