import { jest } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { barriers } from '../modeler-ui/test/barriers.js';
import { findChromium } from '../modeler-ui/test/chromium.js';
import { startTestServer, type TestServer } from '../server/test/test-server.js';

const executablePath = findChromium();
const [suite, title] =
  executablePath === null
    ? [
        describe.skip,
        'the console on a server (skipped: no Chromium found; install the package chromium or set CHROMIUM_PATH)',
      ]
    : [describe, 'the console on a server'];
const onboarding = fileURLToPath(new URL('new-user-onboarding/process.bpmn', import.meta.url));

jest.setTimeout(90_000);

/** What an operator does, from the diagram to the completed journey, in the console as it was built. */
suite(title, () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ada');
    const welcome = { id: 'welcome', subject: 'Welcome', body: '<p style="color: rgb(179, 38, 30)">Hello Ada</p>' };
    await server.api.ok('PUT', '/templates/welcome', welcome);
    for (const id of ['complete-your-profile', 'free-shipping']) {
      await server.api.ok('PUT', `/templates/${id}`, { id, subject: id, body: '<p>Hello</p>' });
    }
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    // The reader's clock stands where the server's does, so that "in 3 days" means three days.
    await page.clock.setFixedTime('2026-01-05T09:00:00Z');
    // A refused style, script or frame is told as an error of the console, so this catches violations of the policy as well.
    page.on('console', (message) => {
      // What the driver itself would like to run in the frame of a mail, where nothing may run.
      const ofDriver = /^Blocked script execution in '[^']*\/api\/mailbox\//.test(message.text());
      if (message.type() === 'error' && !ofDriver) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(() => void complaints.splice(0));

  const refresh = () => page.getByRole('button', { name: 'Refresh' }).click();
  const focused = (locator: Locator) => locator.and(page.locator(':focus')).waitFor();
  const tokenAt = (elementId: string) => page.locator(`[data-container-id="${elementId}"] .token`);

  it('takes a journey from the opened diagram to its end', async () => {
    await page.goto(`${server.url}/modeler`);
    await page.locator('input[type=file]').setInputFiles(onboarding);
    await page.locator('[data-element-id="CompleteProfile"]').first().waitFor();
    await page.getByText('No problems found').waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('New user onboarding is deployed as version 1.').waitFor();

    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByLabel('User id').fill('ada');
    await page.getByRole('button', { name: 'Start journey' }).click();
    await page.waitForURL('**/instances/*');
    await server.api.rest();
    await refresh();
    await tokenAt('CompleteProfile').getByText('Waits for a decision').waitFor();
    await page.getByText("“Complete the profile” waits for a person's decision.").waitFor();

    const instance = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await page.getByLabel('First name').fill('Ada');
    await page.getByRole('dialog').getByRole('button', { name: 'Complete', exact: true }).click();
    await page.getByText('“Complete the profile” is done.').waitFor();
    await page.goto(`${server.url}${instance}`);
    await tokenAt('WeekOver').getByText('in 7 days').waitFor();

    await server.api.publish('first-order', 'ada');
    await refresh();
    await page.getByText('The journey is complete.').waitFor();
    await page.getByText('The user moved to the stage Revenue.').waitFor();
    expect(await page.locator('.detail__facts').getByText('Completed').isVisible()).toBe(true);
    expect(await page.locator('.token').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows a mail with its own styles, in a frame that reaches nothing', async () => {
    await page.goto(`${server.url}/mailbox`);
    const hello = page.frameLocator('iframe').getByText('Hello Ada');
    await hello.waitFor();
    const color = await hello.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle(of: unknown): { color: string } };
      return getComputedStyle(element).color;
    });
    expect(color).toBe('rgb(179, 38, 30)');
    expect(complaints).toEqual([]);
  });

  it.each([
    '/workflows',
    '/workflows/new-user-onboarding',
    '/modeler/new-user-onboarding',
    '/instances',
    '/incidents',
    '/operations',
    '/tasks',
    '/jobs',
    '/users',
    '/users/ada',
    '/segments',
    '/mailbox',
  ])('keeps nobody out of %s', async (path) => {
    await page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' });
    expect(await barriers(page)).toEqual([]);
  });

  it('can be worked by keyboard', async () => {
    await page.goto(`${server.url}/workflows`, { waitUntil: 'networkidle' });
    await page.keyboard.press('Tab');
    await focused(page.getByRole('link', { name: 'Skip to content' }));
    const start = page.getByRole('button', { name: 'Start New user onboarding' });
    await start.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await focused(page.getByLabel('User id'));
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await focused(start);
  });
});
