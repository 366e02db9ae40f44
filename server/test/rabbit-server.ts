import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConfirmChannel } from 'amqplib';
import { closeAfterTests } from './open-resources.js';

const usualUrl = 'amqp://guest:guest@127.0.0.1:5672';
/** Where packages put it; what stands in the path is a wrapper that changes the user. */
const binary = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Whether this machine has RabbitMQ: one that runs with its usual account, or one to start. */
export const rabbitInstalled = (await answers(usualUrl)) || exists(binary);

/** The RabbitMQ of the machine; where none runs, one of the test's own. */
export async function rabbitUrl(): Promise<string> {
  return (await answers(usualUrl)) ? usualUrl : await startOwn();
}

/** A channel of the test's own. */
export async function testChannel(url: string): Promise<ConfirmChannel> {
  const connection = await connect(url);
  closeAfterTests(() => connection.close());
  return await connection.createConfirmChannel();
}

async function startOwn(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'xflow-rabbit-'));
  const [port, distribution, mapper] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: `${mapper}`,
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
  // Erlang would leave its port mapper behind: this one ends with the test.
  const children = [
    spawn('epmd', ['-port', `${mapper}`], { env, stdio: 'ignore' }),
    spawn(binary, { env, stdio: 'ignore', detached: true }),
  ];
  closeAfterTests(async () => {
    for (const child of children.reverse()) await endGroup(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  while (!(await answers(url))) await sleep(100);
  return url;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connect(url, { timeout: 5_000 })).close();
    return true;
  } catch {
    return false;
  }
}

function exists(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

/** A way to a server that can be cut. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async lay(url: string): Promise<Cable> {
    const target = new URL(url);
    const server = createServer((near) => {
      const far = connectSocket(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        cable.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => cable.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    const cable = new Cable(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closeAfterTests(async () => {
      cable.cut();
      await new Promise((resolve) => server.close(resolve));
    });
    return cable;
  }

  get url(): string {
    const url = new URL(this.target);
    url.port = `${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Resets every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}
