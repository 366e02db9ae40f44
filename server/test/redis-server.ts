import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

/** Whether this machine has Redis. */
export const redisInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** Longest that a start may take on a busy machine, in milliseconds. */
const answersWithin = 30_000;

/** A Redis of one's own, which it may flush, kill and replace. */
export class RedisServer {
  private child: ChildProcess | null = null;
  private closed = false;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), mkdtempSync(path.join(tmpdir(), 'xflow-redis-')));
    await redis.run();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** An empty Redis on the same port; resolves when it answers. */
  async run(): Promise<void> {
    if (this.closed) throw new Error('This Redis was closed for good.');
    const nothingKept = ['--save', '', '--appendonly', 'no', '--dir', this.folder];
    this.child = spawn('redis-server', ['--port', `${this.port}`, '--bind', '127.0.0.1', ...nothingKept], {
      stdio: 'ignore',
    });
    await this.ask((client) => client.ping());
  }

  /** As if the power were cut. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const deadline = Date.now() + answersWithin;
    const retryStrategy = (): number | null => (Date.now() < deadline ? 20 : null);
    const client = new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy });
    client.on('error', () => undefined);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }
}
