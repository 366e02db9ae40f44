import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { closeAfterTests } from './open-resources.js';

/** Whether this machine has kcat (Debian: the package kcat), whose library librdkafka has a broker for tests of clients. */
export const librdkafkaInstalled = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).error === undefined;

/** Starts the broker that the authors of librdkafka test clients with. @returns its address */
export async function startLibrdkafkaBroker(): Promise<string> {
  // It lives as long as a producer that waits for its input.
  const child = spawn('kcat', ['-P', '-b', 'none', '-t', 'none', '-X', 'test.mock.num.brokers=1', '-d', 'mock']);
  closeAfterTests(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const lines = createInterface(child.stderr);
  for await (const line of lines) {
    const [, address] = /bootstrap\.servers=(\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    // What it goes on to tell is not read, but must not fill the pipe.
    child.stderr.resume();
    return address;
  }
  throw new Error('kcat ended before it had told the address of its broker.');
}
