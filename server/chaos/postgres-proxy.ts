import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BreakableProxy, type ProxiedConnection } from './breakable-proxy.js';

/** What becomes of one statement on its way to the database. */
export type Verdict =
  | 'pass'
  /** The connection breaks, and the statement is never executed. */
  | 'cut-before'
  /** The statement is executed, but the connection breaks before its reply arrives. */
  | 'cut-after';

/**
 * A TCP proxy before PostgreSQL that makes a network's failures. It reads the frontend's side of the protocol (PostgreSQL
 * documentation, "Message Formats") just far enough to tell one statement from the next.
 */
export class PostgresProxy extends BreakableProxy {
  private resume: (() => void) | null = null;
  private passable: Promise<void> = Promise.resolve();
  /** Milliseconds that each packet takes longer, in both directions. */
  delay = 0;
  /** Asked for every statement. */
  judge: (statement: string) => Verdict = () => 'pass';

  static async open(upstreamPort: number): Promise<PostgresProxy> {
    return await new PostgresProxy(upstreamPort).listen();
  }

  /** A network that swallows: nothing passes, and nobody is told, until it is over. */
  stall(on: boolean): void {
    if (on && !this.resume) this.passable = new Promise((resolve) => (this.resume = resolve));
    if (on) return;
    this.resume?.();
    this.resume = null;
  }

  override async close(): Promise<void> {
    this.stall(false);
    await super.close();
  }

  /** Resolves when a packet may pass. */
  async gate(): Promise<void> {
    await this.passable;
    if (this.delay > 0) await sleep(this.delay);
  }

  protected override carry(connection: ProxiedConnection): void {
    new Conversation(this, connection);
  }
}

/** Frontend messages that end what the server answers as a whole: Query and Sync; others go with the next of them. */
const query = 'Q'.charCodeAt(0);
const parse = 'P'.charCodeAt(0);
const bind = 'B'.charCodeAt(0);
const sync = 'S'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);
const password = 'p'.charCodeAt(0);

/** What a client and PostgreSQL say to each other, statement by statement. */
class Conversation {
  private pending = Buffer.alloc(0);
  private group: Buffer[] = [];
  private statement = '';
  private readonly prepared = new Map<string, string>();
  private greeted = false;
  private deaf = false;
  private toServer: Promise<void> = Promise.resolve();
  private toClient: Promise<void> = Promise.resolve();

  constructor(
    private readonly proxy: PostgresProxy,
    private readonly connection: ProxiedConnection,
  ) {
    const { client, upstream } = connection;
    client.on('data', (chunk: Buffer) => this.read(chunk));
    upstream.on('data', (chunk: Buffer) => {
      if (this.deaf) connection.cut();
      else this.toClient = this.pass(this.toClient, client, chunk);
    });
  }

  private read(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      // The startup message alone has no type byte.
      const head = this.greeted ? 1 : 0;
      if (this.pending.length < head + 4) return;
      const length = head + this.pending.readInt32BE(head);
      if (this.pending.length < length) return;
      const message = this.pending.subarray(0, length);
      this.pending = this.pending.subarray(length);
      this.greeted = true;
      this.take(head === 0 ? null : message[0]!, message);
      if (this.connection.client.destroyed) return;
    }
  }

  private take(type: number | null, message: Buffer): void {
    this.group.push(message);
    if (type === query) this.statement = message.subarray(5, -1).toString();
    if (type === parse) {
      const [name, text] = texts(message, 5, 2);
      this.prepared.set(name!, text!);
      this.statement = text!;
    }
    if (type === bind) this.statement = this.prepared.get(texts(message, 5, 2)[1]!) ?? this.statement;
    if (type === query || type === sync) this.send(this.proxy.judge(this.statement));
    else if (type === null || type === password || type === terminate) this.send('pass');
  }

  private send(verdict: Verdict): void {
    const group = Buffer.concat(this.group);
    this.group = [];
    if (verdict === 'cut-before') {
      this.connection.cut();
      return;
    }
    this.deaf = verdict === 'cut-after';
    this.toServer = this.pass(this.toServer, this.connection.upstream, group);
  }

  private async pass(before: Promise<void>, to: Socket, data: Buffer): Promise<void> {
    await before;
    await this.proxy.gate();
    if (!to.destroyed) to.write(data);
  }
}

/** Texts that each end with a zero byte. */
function texts(message: Buffer, from: number, count: number): string[] {
  const found: string[] = [];
  for (let start = from; found.length < count;) {
    const end = message.indexOf(0, start);
    found.push(message.subarray(start, end).toString());
    start = end + 1;
  }
  return found;
}
