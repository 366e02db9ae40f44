import type { Socket } from 'node:net';
import { BreakableProxy, type ProxiedConnection } from './breakable-proxy.js';

/** What becomes of acknowledgements, those of consumers and those of the broker ("publisher confirms"). */
export type Acknowledging =
  | 'pass'
  /** Each is sent twice. To a broker the second is a breach of the protocol: it closes the channel (406). */
  | 'double'
  /** Several wait for each other, and go in the reverse order. Those that stand for others, too, stay in their place, as with brokers. */
  | 'reverse'
  /** None arrives. A network loses with the connection: cut() must follow. */
  | 'lose';

/** Longest that an acknowledgement waits for others to change places with, in milliseconds. */
const heldFor = 30;

/** A TCP proxy before RabbitMQ that makes a network's failures, and those of acknowledgements. Reads frames of AMQP 0-9-1 (specification, 2.3.5). */
export class AmqpProxy extends BreakableProxy {
  acknowledging: Acknowledging = 'pass';

  static async open(upstreamPort: number): Promise<AmqpProxy> {
    return await new AmqpProxy(upstreamPort).listen();
  }

  protected override carry({ client, upstream }: ProxiedConnection): void {
    // The client begins with eight bytes that are no frame.
    const [there, back] = [new Direction(this, upstream, 8), new Direction(this, client, 0)];
    client.on('data', (chunk: Buffer) => there.take(chunk));
    upstream.on('data', (chunk: Buffer) => back.take(chunk));
  }
}

/** Frames: type (1 byte), channel (2), length of the payload (4), payload, end (1). */
const headLength = 7;
const methodFrame = 1;
/** Class 60, method 80; its payload goes on with the delivery tag (8 bytes) and "multiple" (1). */
const basicAck = 0x003c_0050;

/** What goes one way. */
class Direction {
  private pending = Buffer.alloc(0);
  private held: Buffer[] = [];

  constructor(
    private readonly proxy: AmqpProxy,
    private readonly to: Socket,
    /** Bytes before the first frame. */
    private greeting: number,
  ) {}

  take(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    const passing: Buffer[] = [];
    for (;;) {
      const length = this.nextLength();
      if (length === null || this.pending.length < length) break;
      const frame = this.pending.subarray(0, length);
      this.pending = this.pending.subarray(length);
      const isGreeting = this.greeting > 0;
      this.greeting = 0;
      passing.push(...(isGreeting || !isAcknowledgement(frame) ? [frame] : this.acknowledge(frame)));
    }
    this.write(passing);
  }

  private nextLength(): number | null {
    if (this.greeting > 0) return this.greeting;
    return this.pending.length < headLength ? null : headLength + this.pending.readUInt32BE(3) + 1;
  }

  /** What is sent for it now. */
  private acknowledge(frame: Buffer): readonly Buffer[] {
    const { acknowledging } = this.proxy;
    if (acknowledging === 'double') return [frame, frame];
    if (acknowledging === 'lose') return [];
    if (acknowledging === 'pass' || isMultiple(frame)) return [...this.release(), frame];
    if (this.held.length === 0) setTimeout(() => this.write(this.release()), heldFor);
    this.held.push(frame);
    return [];
  }

  private release(): Buffer[] {
    return this.held.splice(0).reverse();
  }

  private write(frames: readonly Buffer[]): void {
    if (frames.length > 0 && !this.to.destroyed) this.to.write(Buffer.concat(frames));
  }
}

const isAcknowledgement = (frame: Buffer): boolean =>
  frame[0] === methodFrame && frame.length >= headLength + 14 && frame.readUInt32BE(headLength) === basicAck;

const isMultiple = (frame: Buffer): boolean => (frame[headLength + 12]! & 1) === 1;
