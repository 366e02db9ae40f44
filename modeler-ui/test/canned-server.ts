import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The policy under which the server serves the console. */
const policy = [
  `default-src 'none'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `frame-src 'self'`,
  `base-uri 'none'`,
  `object-src 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Answers by method and path: `GET /workflows`. A function sees the request's body, and the parameters of its address. */
export type Answers = Readonly<Record<string, unknown>>;

export interface CannedServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the built console as the server does, over canned answers of the API; what has none is a 404 problem. */
export async function serveConsole(answers: Answers): Promise<CannedServer> {
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error('The console is not built. Run `npx nx run modeler-ui:build` before its browser tests.');
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const done = pathname.startsWith('/api/')
      ? answer(answers, pathname, searchParams, request, response)
      : file(pathname, response);
    done.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  answers: Answers,
  pathname: string,
  parameters: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (pathname.endsWith('/live')) {
    // A stream in which nothing happens.
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const canned = answers[`${request.method} ${pathname.slice('/api'.length)}`];
  const content: unknown = typeof canned === 'function' ? canned(body, parameters) : canned;
  const problem = { type: 'urn:xflow:problem:not-found', title: 'Not found', status: 404, detail: 'Nothing is here.' };
  response.writeHead(canned === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(content ?? problem));
}

async function file(pathname: string, response: ServerResponse): Promise<void> {
  const wanted = join(dist, normalize(pathname));
  const found = wanted.startsWith(dist) && extname(wanted) !== '' && existsSync(wanted);
  const path = found ? wanted : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  response.end(await readFile(path));
}
