import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LedgerEntry } from './handlers.js';

/** What the jobs did in the outside world: every run, by idempotency key. */
export class Ledger {
  /** Runs by idempotency key. */
  readonly runs = new Map<string, LedgerEntry[]>();

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Ledger> {
    const server = createServer();
    const ledger = new Ledger(server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        ledger.add(JSON.parse(body) as LedgerEntry);
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return ledger;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Runs beyond the first of their key. */
  get repeats(): number {
    let repeats = 0;
    for (const runs of this.runs.values()) repeats += runs.length - 1;
    return repeats;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private add(entry: LedgerEntry): void {
    const runs = this.runs.get(entry.idempotencyKey);
    if (runs) runs.push(entry);
    else this.runs.set(entry.idempotencyKey, [entry]);
  }
}
