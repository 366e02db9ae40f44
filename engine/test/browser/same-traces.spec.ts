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

const seeds = Array.from({ length: 8 }, (_, index) => `browser-${index}`);
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
      await page.addScriptTag({ path: join(folder, 'traces.js') });
      const inBrowser: unknown = await page.evaluate(`traces.traceHashes(${JSON.stringify(seeds)})`);
      expect(inBrowser).toEqual(await traceHashes(seeds));
    } finally {
      await browser.close();
    }
  }, 60_000);
});
