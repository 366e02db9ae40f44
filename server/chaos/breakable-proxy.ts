import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One connection of a client, and its counterpart to what the proxy stands before. */
export class ProxiedConnection {
  constructor(
    readonly client: Socket,
    readonly upstream: Socket,
    private readonly forget: (connection: ProxiedConnection) => void,
  ) {
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.cut());
      socket.on('close', () => this.cut());
    }
  }

  cut(): void {
    this.forget(this);
    if (!this.client.destroyed) this.client.resetAndDestroy();
    this.upstream.destroy();
  }
}

/** A TCP proxy on the loopback that makes a network's failures. What passes, and how, is the business of its kinds. */
export abstract class BreakableProxy {
  private readonly server = createServer((client) => this.accept(client));
  private readonly connections = new Set<ProxiedConnection>();
  private refusing = false;

  /** @param upstreamPort where the proxy connects to; it may be another port after a restart. */
  protected constructor(public upstreamPort: number) {}

  protected async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  /** The same service, through this proxy. */
  urlOf(upstreamUrl: string): string {
    const url = new URL(upstreamUrl);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Resets all connections. New ones are taken. */
  cut(): void {
    for (const connection of [...this.connections]) connection.cut();
  }

  /** Resets all connections, and refuses new ones until told otherwise. */
  refuse(on: boolean): void {
    this.refusing = on;
    if (on) this.cut();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  /** Passes on what either side sends. */
  protected abstract carry(connection: ProxiedConnection): void;

  private accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.upstreamPort, '127.0.0.1');
    const connection = new ProxiedConnection(client, upstream, (gone) => this.connections.delete(gone));
    this.connections.add(connection);
    this.carry(connection);
  }
}
