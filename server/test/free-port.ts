import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * A port of the loopback that nobody has, and that nobody is given who asks for any port (those begin at 32768 on Linux, at 49152
 * elsewhere): so that a server which is killed and started again finds its port as it left it.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const probe = createServer().listen(15_000 + Math.floor(Math.random() * 15_000), '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch (error) {
      if (attempt < 20) continue;
      throw error;
    }
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}
