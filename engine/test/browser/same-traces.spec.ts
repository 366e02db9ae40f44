import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { traceHashes } from './trace-hashes.js';

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...usualPlaces].find(
  (path) => path !== '' && existsSync(path),
);
const why = executablePath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM_PATH)' : '';
const describeWithChromium = executablePath === undefined ? describe.skip : describe;

/** Served from the folder: modules need an address. */
const site = 'http://traces.test/';
const seeds = Array.from({ length: 6 }, (_, index) => `browser-${index + 2}`);
describeWithChromium(`the traces of random processes${why}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xflow-traces-'));
    const script = fileURLToPath(new URL('bundle.js', import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder]);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('are the same in Node and in Chromium', async () => {
    const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.route(`${site}**`, (route) => {
        const { pathname } = new URL(route.request().url());
        return pathname === '/'
          ? route.fulfill({ contentType: 'text/html', body: '<!doctype html>' })
          : route.fulfill({ contentType: 'text/javascript', path: join(folder, pathname) });
      });
      await page.goto(site);
      const run = `import('/traces.js').then(({ traceHashes }) => traceHashes(${JSON.stringify(seeds)}))`;
      const inBrowser: unknown = await page.evaluate(run);
      expect(inBrowser).toEqual(await traceHashes(seeds));
    } finally {
      await browser.close();
    }
  }, 180_000);
});
