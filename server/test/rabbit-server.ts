import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect, type ConfirmChannel } from 'amqplib';
import { closeAfterTests } from './open-resources.js';
import { answersAt, OwnRabbit } from './own-rabbit.js';

const usualUrl = 'amqp://guest:guest@127.0.0.1:5672';

/** Whether this machine has RabbitMQ: one that runs with its usual account, or one to start. */
export const rabbitInstalled = (await answersAt(usualUrl)) || OwnRabbit.isInstalled;

/** The RabbitMQ of the machine; where none runs, one of the test's own. */
export async function rabbitUrl(): Promise<string> {
  if (await answersAt(usualUrl)) return usualUrl;
  const rabbit = await OwnRabbit.start();
  closeAfterTests(() => rabbit.close());
  return rabbit.url;
}

/** A channel of the test's own. */
export async function testChannel(url: string): Promise<ConfirmChannel> {
  const connection = await connect(url);
  closeAfterTests(() => connection.close());
  return await connection.createConfirmChannel();
}

/** A way to a server that can be cut. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private carried = '';
  private readonly onCarried = new Set<() => void>();
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
      far.on('data', (bytes) => {
        cable.carried += bytes.toString('latin1');
        for (const look of [...cable.onCarried]) look();
      });
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

  /** Resolves when the server has sent this text. */
  async sent(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.carried.includes(text)) return;
        this.onCarried.delete(look);
        resolve();
      };
      this.onCarried.add(look);
      look();
    });
  }

  /** Resets every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}
