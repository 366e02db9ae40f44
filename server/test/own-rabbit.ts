import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { freePort } from './free-port.js';

/** Where packages put it; what stands in the path is a wrapper that changes the user. */
const binary = '/usr/lib/rabbitmq/bin/rabbitmq-server';
/** Longest that a start may take on a busy machine, in milliseconds. */
const answersWithin = 90_000;

/** A RabbitMQ of one's own, on ports and in a folder of its own, which may be killed and started again. */
export class OwnRabbit {
  private node: ChildProcess | null = null;
  private closed = false;

  private constructor(
    private readonly folder: string,
    private readonly mapper: ChildProcess,
    private readonly environment: NodeJS.ProcessEnv,
    readonly port: number,
  ) {}

  static get isInstalled(): boolean {
    try {
      accessSync(binary);
      return true;
    } catch {
      return false;
    }
  }

  static async start(): Promise<OwnRabbit> {
    const folder = mkdtempSync(path.join(tmpdir(), 'xflow-rabbit-'));
    const [port, distribution, mapperPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const environment = {
      ...process.env,
      HOME: folder,
      ERL_EPMD_PORT: `${mapperPort}`,
      RABBITMQ_NODENAME: `xflow-test-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: `${port}`,
      RABBITMQ_DIST_PORT: `${distribution}`,
      RABBITMQ_MNESIA_BASE: folder,
      RABBITMQ_LOG_BASE: folder,
      RABBITMQ_CONFIG_FILE: path.join(folder, 'none'),
      RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'plugins'),
      RABBITMQ_PID_FILE: path.join(folder, 'pid'),
    };
    // Erlang would leave its port mapper behind: this one ends with the RabbitMQ.
    const mapper = spawn('epmd', ['-port', `${mapperPort}`], { env: environment, stdio: 'ignore', detached: true });
    const rabbit = new OwnRabbit(folder, mapper, environment, port);
    try {
      await rabbit.run();
    } catch (error) {
      await rabbit.close();
      throw error;
    }
    return rabbit;
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  /** Starts it on what it has kept; resolves when it answers. */
  async run(): Promise<void> {
    if (this.closed) throw new Error('This RabbitMQ was closed for good.');
    const node = spawn(binary, { env: this.environment, stdio: 'ignore', detached: true });
    this.node = node;
    for (const deadline = Date.now() + answersWithin; !(await answersAt(this.url)); await sleep(50)) {
      if (node.exitCode !== null || node.signalCode !== null)
        throw new Error(`RabbitMQ ended while it started; its log is in ${this.folder}.`);
      if (Date.now() > deadline)
        throw new Error(
          `RabbitMQ does not answer on port ${this.port} within ${answersWithin / 1_000} s of its start.`,
        );
    }
  }

  /** As if the power were cut, but for the memory of the operating system. */
  async kill(): Promise<void> {
    await endGroup(this.node);
    this.node = null;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.kill();
    await endGroup(this.mapper);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Whether a RabbitMQ answers there. */
export async function answersAt(url: string): Promise<boolean> {
  try {
    await (await connect(url, { timeout: 5_000 })).close();
    return true;
  } catch {
    return false;
  }
}

async function endGroup(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
  await gone;
}
