import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const places = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Seconds for so many simulated users in a worker of Chromium; null where there is no Chromium. */
export async function simulateUsersInBrowser(count) {
  const executablePath = places.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) return null;
  const { build } = await import('vite');
  const { chromium } = await import('playwright-core');
  const outDir = await mkdtemp(join(tmpdir(), 'xflow-bench-'));
  try {
    await build({
      root: fileURLToPath(new URL('.', import.meta.url)),
      configFile: false,
      logLevel: 'error',
      build: {
        outDir,
        emptyOutDir: true,
        rolldownOptions: {
          input: fileURLToPath(new URL('browser-worker.js', import.meta.url)),
          output: { format: 'es' },
        },
      },
    });
    const [file] = (await readdir(join(outDir, 'assets'))).filter((name) => name.startsWith('browser-worker'));
    const server = createServer((request, response) => {
      const path = request.url === '/' ? null : join(outDir, new URL(request.url, 'http://bench').pathname);
      response.setHeader(
        'content-type',
        path === null ? 'text/html' : path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
      );
      if (path === null) response.end('<!doctype html>');
      else
        readFile(path).then(
          (content) => response.end(content),
          () => response.writeHead(404).end(),
        );
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      return await page.evaluate(
        ([url, users]) =>
          new Promise((resolve, reject) => {
            const worker = new Worker(url, { type: 'module' });
            worker.onerror = (event) =>
              reject(new Error(`The worker stopped: ${event.message} ${event.filename}:${event.lineno}`));
            worker.onmessage = ({ data }) =>
              'seconds' in data ? resolve(data.seconds) : reject(new Error(data.error));
            worker.postMessage(users);
          }),
        [`/assets/${file}`, count],
      );
    } finally {
      await browser.close();
      server.close();
    }
  } finally {
    await rm(outDir, { recursive: true });
  }
}
