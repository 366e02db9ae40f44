import { connect } from 'node:net';
import { percentile } from './measure.js';
import { options, serve } from './child.js';

/**
 * Sends requests over connections that each wait for their response, and measures. Written on sockets, because it shares the cores with
 * what it measures: a response is read as far as its status and length.
 */
const { host, port } = options();
let sent = 0;

async function load({ connections, seconds, path, body, perSecond, users }) {
  const latencies = [];
  let refused = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, host);
      socket.setNoDelay(true);
      let at = 0;
      let received = '';
      const send = () => {
        const text = body.replaceAll('{n}', String((sent += 1))).replaceAll('{user}', `user-${sent % users}`);
        at = performance.now();
        if (at >= until) {
          socket.destroy();
          resolve();
          return;
        }
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
        );
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.setEncoding('latin1');
      socket.on('data', (chunk) => {
        received += chunk;
        const head = received.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received.slice(0, head))[1]);
        if (received.length < head + 4 + length) return;
        if (received.charCodeAt(9) !== 0x32) {
          refused += 1;
          if (refused === 1) console.error(received);
        } else latencies.push(performance.now() - at);
        received = '';
        if (perSecond === undefined) send();
        else {
          // An open loop: so many a second over all connections, however long they take.
          const next = at + (1000 * connections) / perSecond;
          setTimeout(send, Math.max(0, next - performance.now()));
        }
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  const took = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / took,
    requests: latencies.length,
    refused,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: latencies.at(-1) ?? NaN,
  };
}

serve({}, load);
