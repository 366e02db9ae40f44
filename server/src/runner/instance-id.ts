import { randomFillSync } from 'node:crypto';

/** A UUID of version 7 (RFC 9562, 5.7): its order is that of `at` (milliseconds since 1970), then of making within this process. */
export function newInstanceId(at: number): string {
  const bytes = randomBytes();
  bytes.writeUIntBE(at, 0, 6);
  // 26 bits after the time are a counter, around version and variant (section 6.2, method 1): ids of one millisecond keep their order.
  counter = at === lastAt ? (counter + 1) & 0x3ffffff : 0;
  lastAt = at;
  bytes.writeUInt16BE(0x7000 | (counter >>> 14), 6);
  bytes.writeUInt16BE(0x8000 | (counter & 0x3fff), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

let lastAt = 0;
let counter = 0;

/** Bytes of randomness are drawn for many ids at once: drawn one by one, they were a twentieth of what a start costs. */
const pool = Buffer.alloc(16 * 256);
let drawn = pool.length;

/** 16 bytes, which the caller may write to. */
function randomBytes(): Buffer {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return pool.subarray(drawn, (drawn += 16));
}
