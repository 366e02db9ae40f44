import { jest } from '@jest/globals';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { serveConsole, type Answers, type CannedServer } from './canned-server.js';
import { findChromium } from './chromium.js';

/** The console in a browser, as a test sees it. */
export interface ConsoleInBrowser {
  /** The page of the test that runs. */
  readonly page: Page;
  /** What the page has complained of so far; it must be nothing at the end of a test. */
  readonly complaints: string[];
  /** Goes to an address of the console: `/instances?workflow=vip`. */
  open(path: string): Promise<unknown>;
  /** The button of exactly this name. */
  button(name: string): Locator;
  /** Closes the page of the test, and opens another. */
  reopen(options: BrowserContextOptions): Promise<Page>;
}

/**
 * A suite over the built console in Chromium, with canned answers of the API. Each test has a page of its own, of 1440 by 900 pixels in English,
 * and fails when the page complains: an error of a script, a refused style. Where there is no Chromium the suite is skipped, and its title says so.
 */
export function describeConsole(title: string, answers: Answers, tests: (console: ConsoleInBrowser) => void): void {
  const executablePath = findChromium();
  const suite = executablePath === null ? describe.skip : describe;
  const why = ' (skipped: no Chromium found; install the package chromium or set CHROMIUM_PATH)';
  jest.setTimeout(60_000);

  suite(`${title}${executablePath === null ? why : ''}`, () => {
    let server: CannedServer;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    async function newPage(options: BrowserContextOptions): Promise<Page> {
      page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US', ...options });
      // A refused style or script is told as an error of the console, so this catches violations of the policy as well.
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      return page;
    }

    beforeAll(async () => {
      server = await serveConsole(answers);
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });
    beforeEach(async () => {
      complaints.length = 0;
      await newPage({});
    });
    afterEach(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });

    tests({
      get page() {
        return page;
      },
      complaints,
      open: (path) => page.goto(`${server.url}${path}`),
      button: (name) => page.getByRole('button', { name, exact: true }),
      async reopen(options) {
        await page.close();
        return await newPage(options);
      },
    });
  });
}
