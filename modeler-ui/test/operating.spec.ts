import { readFile } from 'node:fs/promises';
import type { BatchOperation, InstanceSummary } from '@xflow/schemas';
import type { Page } from 'playwright-core';
import { barriers } from './barriers.js';
import { describeConsole } from './describe-console.js';
import { journey, journeyHistory, journeyStatus, journeySummary, journeyVersions, stoppedStatus } from './journey.js';
import { group, instances, job, longUser, operation, twoStarts, versions } from './many-journeys.js';

let ordered: unknown[];
let asked: URLSearchParams[];
let current: BatchOperation;
let started: unknown[];

const answers = {
  'GET /workflows': { items: [journeySummary] },
  'GET /workflows/vip': { ...journeySummary, xml: twoStarts, versions: journeyVersions, problems: [] },
  'GET /workflows/many': {
    ...journeySummary,
    key: 'many',
    version: 3,
    activeVersion: 3,
    xml: journey,
    versions,
    problems: [],
  },
  'GET /workflows/many/elements': { items: [] },
  'GET /workflows/vip/elements': { items: [{ elementId: 'Wait', active: 12_345, incidents: 67 }] },
  'POST /workflows/vip/start': (body: unknown) => {
    started.push(body);
    return { instances: [{ id: 'i1', userId: 'u1' }] };
  },
  'GET /instances/count': (_body: unknown, parameters: URLSearchParams) =>
    parameters.get('status') === 'active' ? { count: 1234, isComplete: true } : { count: 10_000, isComplete: false },
  'GET /instances': (_body: unknown, parameters: URLSearchParams) => {
    asked.push(parameters);
    if (parameters.get('element') === 'Late' && parameters.get('cursor') === null)
      return { items: [], nextCursor: 'older' };
    return parameters.get('parentInstanceId') === null
      ? { items: instances, nextCursor: parameters.get('limit') === '1000' ? null : 'more' }
      : { items: [instances[1]], nextCursor: null };
  },
  'POST /instances/i1/migrate/preview': { fits: true, problems: [], elements: [], opened: [], closed: [] },
  'POST /instances/i2/migrate/preview': ({ mapping }: { readonly mapping: readonly unknown[] }) =>
    mapping.length > 0
      ? { fits: true, problems: [], elements: [], opened: [], closed: [] }
      : {
          fits: false,
          problems: [{ elementId: 'Wait', message: 'The new version lacks “Wait”.', remedy: 'Map it.' }],
          elements: [],
          opened: [],
          closed: [],
        },
  'POST /instances/i3/migrate/preview': { fits: true, problems: [], elements: [], opened: [], closed: [] },
  'POST /batch-operations': (body: unknown) => {
    ordered.push(body);
    return current;
  },
  'GET /batch-operations': () => ({ items: [current], nextCursor: null }),
  'GET /batch-operations/o1': () => current,
  'GET /batch-operations/o1/failures': {
    items: [{ instanceId: 'i3', userId: longUser, incidentId: null, reason: 'It is busy with "Wait".' }],
    nextCursor: null,
  },
  'POST /batch-operations/o1/cancel': () => {
    current = { ...current, status: 'cancelled', endedAt: new Date().toISOString() };
    return current;
  },
  'POST /batch-operations/o1/resume': () => {
    current = { ...current, status: 'collecting', endedAt: null };
    return current;
  },
  'GET /incidents/groups': { items: [group], isComplete: true },
  'GET /incidents': { items: stoppedStatus().incidents, nextCursor: null },
  'GET /workflows/i1/status': journeyStatus,
  'GET /instances/i1/history': {
    ...journeyHistory,
    items: [
      ...journeyHistory.items,
      {
        revision: 2,
        at: '2026-01-05T10:00:00Z',
        input: {},
        events: [{ kind: 'call-started', elementId: 'Wait', callId: 'c1', workflowKey: 'other' }],
      },
    ],
  },
  'GET /jobs': (_body: unknown, parameters: URLSearchParams) => {
    asked.push(parameters);
    return { items: [job], nextCursor: null };
  },
  'GET /tasks': { items: [], nextCursor: null },
};

describeConsole('operating in the console', answers, (console) => {
  const { open, button, reopen } = console;
  let page: Page;
  beforeEach(() => {
    page = console.page;
    ordered = [];
    asked = [];
    started = [];
    current = operation;
  });

  const query = (): string => decodeURIComponent(new URL(page.url()).search);

  it('keeps the filter of instances in the address, and lets each condition be taken away by keyboard', async () => {
    await open('/instances?workflow=vip&version=1&variables=plan%3Dgold&startedFrom=2026-01-05T09:00:00Z');
    await page.getByText('Workflow: VIP journey').waitFor();
    expect(Object.fromEntries(asked.at(-1) ?? [])).toMatchObject({
      workflow: 'vip',
      version: '1',
      variables: 'plan=gold',
      startedFrom: '2026-01-05T09:00:00.000Z',
    });
    await button('Remove the filter “plan = gold”').focus();
    await page.keyboard.press('Enter');
    await page.getByText('plan = gold').waitFor({ state: 'detached' });
    expect(query()).not.toContain('plan');
    await page.reload();
    await page.getByText('Version: 1').waitFor();
    await button('Clear the filter').click();
    await page.getByText('Version: 1').waitFor({ state: 'detached' });
    expect(query()).toBe('');
  });

  it('finds instances by element, time and variable', async () => {
    await open('/instances?workflow=vip');
    await button('More filters').click();
    await page.getByRole('combobox', { name: 'Waits at' }).selectOption('Wait');
    await page.getByText('Waits at: Wait').waitFor();
    await page.getByLabel('Ended before').fill('2026-01-05T09:00');
    await page.getByText(/Ended before Jan 5/).waitFor();
    await page.getByLabel('Variable', { exact: true }).fill('plan');
    await page.getByLabel('Value', { exact: true }).fill('gold');
    await page.keyboard.press('Enter');
    await page.getByText('plan = gold').waitFor();
    expect(query()).toMatch(/element=Wait/);
    expect(query()).toMatch(/variables=plan=gold/);
    expect(query()).toMatch(/endedTo=2026-01-05T/);
  });

  it('looks further where the first part of a search found nothing', async () => {
    await open('/instances?workflow=vip&element=Late');
    await page.getByText('Nothing found yet').waitFor();
    await button('Look further').click();
    await page.getByRole('link', { name: 'u1' }).waitFor();
    expect(asked.at(-1)?.get('cursor')).toBe('older');
  });

  it('suspends what was chosen, and goes to the operation', async () => {
    await open('/instances');
    await page.getByRole('checkbox', { name: 'Choose the journey of u1 (i1)' }).press('Space');
    await page.getByRole('checkbox', { name: 'Choose the journey of u2 (i2)' }).press('Space');
    await page.getByText('2 chosen').waitFor();
    await button('Suspend').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.waitForURL('**/operations/o1');
    expect(ordered).toEqual([
      { action: 'suspend', filter: { workflow: 'vip', instanceIds: ['i1', 'i2'] }, ratePerSecond: 1000 },
    ]);
  });

  it('cancels what was chosen by a button that no reader takes for the way out', async () => {
    await open('/instances');
    await page.getByRole('checkbox', { name: 'Choose the journey of u1 (i1)' }).press('Space');
    await button('Cancel').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Keep them running' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await button('Cancel').click();
    await dialog.getByRole('button', { name: 'Cancel journeys' }).click();
    await page.waitForURL('**/operations/o1');
    expect(ordered).toEqual([
      { action: 'cancel', filter: { workflow: 'vip', instanceIds: ['i1'] }, ratePerSecond: 1000 },
    ]);
  });

  it('says when moving a journey would cancel it', async () => {
    await open('/instances/i1');
    await button('Move').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel journey' }).waitFor();
    await dialog.getByRole('combobox', { name: 'Go on at' }).selectOption('Late');
    await dialog.getByRole('button', { name: 'Move' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('does not take Enter alone for a yes to what cannot be undone', async () => {
    await open('/instances/i1');
    await button('Cancel journey').press('Enter');
    const question = page.getByRole('dialog', { name: 'Cancel this journey?' });
    await question.waitFor();
    await page.keyboard.press('Enter');
    expect(await question.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
  });

  it('migrates all that match, with a mapping, after a preview of some', async () => {
    await open('/instances?workflow=vip&version=1');
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).press('Space');
    await button('Choose all that match').click();
    await page.getByText('10,000+ instances').waitFor();
    await page.getByText('All that match are chosen: 1,234 active').waitFor();
    await button('Migrate').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 of 3 journeys that were looked at fit this version.').waitFor();
    await dialog.getByRole('combobox', { name: '“Wait” becomes' }).selectOption('Late');
    await dialog.getByText('All 3 journeys that were looked at fit this version.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Migrate' }).click();
    await page.waitForURL('**/operations/o1');
    expect(ordered).toEqual([
      {
        action: 'migrate',
        filter: { workflow: 'vip', version: 1 },
        ratePerSecond: 1000,
        version: 2,
        mapping: [{ source: 'Wait', target: 'Late' }],
      },
    ]);
  });

  it('gives what is shown as NDJSON', async () => {
    await open('/instances?workflow=vip');
    await page.getByText('Workflow: VIP journey').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
    expect(file.suggestedFilename()).toBe('instances.ndjson');
    expect(lines.map((line) => (JSON.parse(line) as InstanceSummary).id)).toEqual(['i1', 'i2', 'i3']);
  });

  it('shows an operation as it goes on, stops and resumes it', async () => {
    await open('/operations');
    await page.getByText('250 done, 50 failed, of 1,000').waitFor();
    current = { ...operation, done: 900 };
    await page.getByText('900 done, 50 failed, of 1,000').waitFor();
    await page.getByRole('link', { name: 'Migrate journeys' }).click();
    await page.getByText('It is busy with "Wait".').waitFor();
    await button('Stop').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped').waitFor();
    await button('Resume').click();
    await page.getByText('Choosing').waitFor();
    current = { ...operation, status: 'done', done: 1000, failed: 0, endedAt: new Date().toISOString() };
    await page.getByText('Done', { exact: true }).first().waitFor();
    await page.locator('.pill--done').waitFor();
  });

  it('groups incidents by cause, and retries all of one', async () => {
    await open('/incidents');
    await page.getByText('1,204 incidents of one cause').waitFor();
    await button('Show the 1,204 incidents: No path to take at Big').press('Enter');
    await page.getByRole('button', { name: 'Try again for u1' }).waitFor();
    await button('Retry all 1,204').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry all 1,204' }).click();
    await page.getByRole('link', { name: 'Open the operation' }).waitFor();
    const { elementId: element, type, reason } = group;
    expect(ordered).toEqual([
      { action: 'retry-incidents', filter: { workflow: 'vip', incident: true }, incidents: { element, type, reason } },
    ]);
  });

  it('counts instances and incidents on the diagram of a workflow', async () => {
    await open('/workflows/vip');
    await page.locator('[data-container-id="Wait"] .token').filter({ hasText: '12,345' }).waitFor();
    expect(await page.locator('.token__incidents').textContent()).toBe('67');
    await page.getByRole('link', { name: 'A while: 12,345 active' }).click();
    await page.getByText('Waits at: Wait').waitFor();
    expect(query()).toBe('?workflow=vip&status=active&version=1&element=Wait');
  });

  it('lists the newest versions and the active one, and all of them when asked', async () => {
    await open('/workflows/many');
    await button('Show all 12 versions').waitFor();
    const named = page.getByRole('button', { name: /^Version \d+$/ });
    expect(await named.allTextContents()).toEqual([12, 11, 10, 9, 8, 3].map((version) => `Version ${version}`));
    await button('Show all 12 versions').press('Enter');
    expect(await named.count()).toBe(12);
  });

  it('asks at which start event a journey begins', async () => {
    await open('/workflows/vip');
    await button('Start').click();
    await page.getByLabel('User id').fill('u1');
    await page.getByRole('combobox', { name: 'Begins at' }).selectOption('Again');
    await button('Start journey').click();
    await page.waitForURL('**/instances/i1');
    expect(started).toEqual([{ userId: 'u1', variables: {}, startEvent: 'Again' }]);
  });

  it('tells who works for an instance, and whom it called, by keyboard alone', async () => {
    await open('/instances/i1');
    await page.getByRole('tab', { name: 'Variables' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^Timer, in 3 days$/).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText('billing-1').waitFor();
    await page.getByText('The bank did not answer.').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel').getByRole('link', { name: 'VIP journey' }).waitFor();
    expect(asked.at(-1)?.get('parentInstanceId')).toBe('i1');
  });

  it('finds the jobs that a worker holds', async () => {
    await open('/jobs');
    await page.getByRole('textbox', { name: 'Worker' }).fill('billing-1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/jobs?worker=billing-1');
    await page.getByText(/^until Jan 5/).waitFor();
    expect(asked.at(-1)?.get('worker')).toBe('billing-1');
    await page.getByRole('link', { name: 'Charge the card' }).click();
    await page.waitForURL('**/instances/i1');
  });

  it('finds one thing in a history, and shows its data', async () => {
    await open('/instances/i1');
    await page.getByText('Took “yes”, because its condition holds.').waitFor();
    await page.getByRole('textbox', { name: 'Find …' }).fill('yes');
    await page.getByText('The journey started.').waitFor({ state: 'detached' });
    await page.getByText('Took “yes”, because its condition holds.').click();
    await page.locator('.history__data').getByText('"flowId": "ToWait"').waitFor();
    await page.getByRole('combobox', { name: 'What it is about' }).selectOption('trouble');
    await page.getByText('Nothing in this history matches.').waitFor();
  });

  it.each(['en-US', 'zh-CN'])('keeps nobody out, and shows no name of a text (%s)', async (locale) => {
    page = await reopen({ viewport: { width: 1280, height: 900 }, locale });
    for (const path of [
      '/instances?workflow=vip&variables=plan%3Dgold',
      '/operations',
      '/operations/o1',
      '/incidents',
      '/jobs',
      '/workflows/vip',
      '/instances/i1',
    ]) {
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path.startsWith('/instances?')) {
        await page.locator('.filters button').last().click();
        await page.getByRole('checkbox').nth(2).press('Space');
      }
      if (path === '/incidents') await page.locator('.group__toggle').click();
      await page.waitForLoadState('load');
      // The barriers are the same in every language, and to look for them takes long.
      if (locale === 'en-US') expect([path, await barriers(page)]).toEqual([path, []]);
      expect(await page.locator('body').innerText()).not.toMatch(
        /\b(bulk|operations|filter|incidents|workflow|versions|instance|jobs|history)\.[a-z]/,
      );
      // Nothing that is long pushes the page wider than it is.
      expect(
        await page.evaluate(() => {
          const { document } = globalThis as unknown as { document: { documentElement: Record<string, number> } };
          return document.documentElement['scrollWidth']! - document.documentElement['clientWidth']!;
        }),
      ).toBe(0);
    }
  });
});
