import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
export class PostgresProxy {
  private readonly links = new Set<Link>();
  private refusing = false;
  private resume: (() => void) | null = null;
  private passable: Promise<void> = Promise.resolve();
  /** Milliseconds that each packet takes longer, in both directions. */
  delay = 0;
  /** Asked for every statement. */
  judge: (statement: string) => Verdict = () => 'pass';

  private constructor(
    private readonly server: Server,
    /** Where PostgreSQL listens; it may be another port after a restart. */
    public upstreamPort: number,
  ) {}

  static async open(upstreamPort: number): Promise<PostgresProxy> {
    const server = createServer();
    const proxy = new PostgresProxy(server, upstreamPort);
    server.on('connection', (socket) => proxy.accept(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same database, through this proxy. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String(this.port);
    return url.href;
  }

  /** Resets all connections. New ones are taken. */
  cut(): void {
    for (const link of [...this.links]) link.cut();
  }

  /** Resets all connections, and refuses new ones until told otherwise. */
  refuse(on: boolean): void {
    this.refusing = on;
    if (on) this.cut();
  }

  /** A network that swallows: nothing passes, and nobody is told, until it is over. */
  stall(on: boolean): void {
    if (on && !this.resume) this.passable = new Promise((resolve) => (this.resume = resolve));
    if (on) return;
    this.resume?.();
    this.resume = null;
  }

  async close(): Promise<void> {
    this.stall(false);
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  /** Resolves when a packet may pass. */
  async gate(): Promise<void> {
    await this.passable;
    if (this.delay > 0) await sleep(this.delay);
  }

  forget(link: Link): void {
    this.links.delete(link);
  }

  private accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.refusing) client.resetAndDestroy();
    else this.links.add(new Link(this, client, connect(this.upstreamPort, '127.0.0.1')));
  }
}

/** Frontend messages that end what the server answers as a whole: Query and Sync; others go with the next of them. */
const query = 'Q'.charCodeAt(0);
const parse = 'P'.charCodeAt(0);
const bind = 'B'.charCodeAt(0);
const sync = 'S'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);
const password = 'p'.charCodeAt(0);

/** One connection of a client, and its counterpart to PostgreSQL. */
class Link {
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
    private readonly client: Socket,
    private readonly server: Socket,
  ) {
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (chunk: Buffer) => this.read(chunk));
    server.on('data', (chunk: Buffer) => {
      if (this.deaf) this.cut();
      else this.toClient = this.pass(this.toClient, client, chunk);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => this.cut());
      socket.on('close', () => this.cut());
    }
  }

  cut(): void {
    this.proxy.forget(this);
    if (!this.client.destroyed) this.client.resetAndDestroy();
    this.server.destroy();
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
      if (this.client.destroyed) return;
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
      this.cut();
      return;
    }
    this.deaf = verdict === 'cut-after';
    this.toServer = this.pass(this.toServer, this.server, group);
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
