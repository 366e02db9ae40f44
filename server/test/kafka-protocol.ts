/** What a request of Kafka's protocol is answered with, beside its header. */
export type Answer = Buffer | Promise<Buffer>;

/** Reads what Kafka's protocol is made of: numbers in network order, texts, bytes and lists with their lengths before them. */
export class Reader {
  private at = 0;
  constructor(private readonly from: Buffer) {}

  private move(bytes: number): number {
    this.at += bytes;
    return this.at - bytes;
  }
  int8(): number {
    return this.from.readInt8(this.move(1));
  }
  int16(): number {
    return this.from.readInt16BE(this.move(2));
  }
  int32(): number {
    return this.from.readInt32BE(this.move(4));
  }
  int64(): bigint {
    return this.from.readBigInt64BE(this.move(8));
  }
  text(): string {
    const length = Math.max(this.int16(), 0);
    return this.from.toString('utf8', this.move(length), this.at);
  }
  buffer(): Buffer {
    const length = Math.max(this.int32(), 0);
    return this.from.subarray(this.move(length), this.at);
  }
  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, read);
  }
}

/** Writes the same. */
export class Writer {
  private readonly parts: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }
  private number(size: number, write: (to: Buffer) => void): this {
    const to = Buffer.alloc(size);
    write(to);
    return this.raw(to);
  }
  int8(value: number): this {
    return this.number(1, (to) => to.writeInt8(value));
  }
  int16(value: number): this {
    return this.number(2, (to) => to.writeInt16BE(value));
  }
  int32(value: number): this {
    return this.number(4, (to) => to.writeInt32BE(value));
  }
  int64(value: bigint): this {
    return this.number(8, (to) => to.writeBigInt64BE(value));
  }
  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).raw(bytes);
  }
  buffer(bytes: Buffer): this {
    return this.int32(bytes.length).raw(bytes);
  }
  list<T>(items: readonly T[], write: (to: this, item: T) => unknown): this {
    this.int32(items.length);
    for (const item of items) write(this, item);
    return this;
  }
}
