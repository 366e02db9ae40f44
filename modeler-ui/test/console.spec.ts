import { taskCatalog } from '@xflow/schemas';
import type { Page } from 'playwright-core';
import { describeConsole } from './describe-console.js';
import { journey, journeyHistory, journeyStatus, journeySummary, journeyVersions, stoppedStatus } from './journey.js';

let deployed: string[];
let resolutions: unknown[];
let operated: unknown[];

const answers = {
  'GET /workflows': { items: [journeySummary] },
  'GET /workflows/vip/elements': { items: [{ elementId: 'Wait', active: 1, incidents: 0 }] },
  'GET /instances': { items: [journeyStatus()], nextCursor: null },
  'GET /workflows/vip': { ...journeySummary, xml: journey, versions: journeyVersions, problems: [] },
  'POST /workflows/vip/versions/2/publish': (body: unknown) => {
    operated.push(body);
    return { key: 'vip', version: 2, state: 'active', operationId: null };
  },
  'POST /instances/i1/migrate/preview': ({ mapping }: { readonly mapping: readonly unknown[] }) =>
    mapping.length === 0
      ? {
          fits: false,
          problems: [{ elementId: 'Wait', message: 'The new version lacks “Wait”.', remedy: 'Map it.' }],
          elements: [],
          opened: [],
          closed: [],
        }
      : { fits: true, problems: [], elements: mapping, opened: [], closed: [] },
  'POST /instances/i1/migrate': (body: unknown) => {
    operated.push(body);
    return journeyStatus();
  },
  'POST /workflows': ({ xml }: { readonly xml: string }) => {
    deployed.push(xml);
    return { workflows: [{ key: 'vip', name: 'VIP journey', version: 2, created: true }], problems: [] };
  },
  'GET /segments': { items: [{ id: 'big-spenders' }] },
  'GET /ladders': { items: [{ id: 'loyalty' }] },
  'GET /templates': { items: [{ id: 'welcome' }] },
  'GET /task-types': { items: Object.values(taskCatalog) },
  'GET /workflows/i1/status': journeyStatus,
  'GET /instances/i1/history': journeyHistory,
  'GET /workflows/i2/status': stoppedStatus,
  'GET /instances/i2/history': journeyHistory,
  'POST /instances/i2/incidents/incident-1/resolve': (body: unknown) => {
    resolutions.push(body);
    return journeyStatus();
  },
};

describeConsole('the console in Chromium', answers, (console) => {
  const { open, complaints } = console;
  let page: Page;
  beforeEach(() => {
    page = console.page;
    deployed = [];
    resolutions = [];
    operated = [];
  });

  const shape = (id: string) => page.locator(`[data-element-id="${id}"]`).first();

  async function placeSegmentCheck(): Promise<void> {
    await shape('Start').waitFor();
    await page.locator('.djs-palette [data-action="create.journey-segment-check"]').click();
    await page.mouse.move(700, 600);
    await page.mouse.click(700, 600);
    await page.getByLabel('Segment', { exact: true }).waitFor();
  }

  it('migrates an instance when a mapping makes it fit', async () => {
    await open('/instances/i1');
    await page.getByRole('button', { name: 'Migrate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The new version lacks “Wait”.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Migrate' }).isDisabled()).toBe(true);
    await dialog.getByRole('combobox', { name: '“Wait” becomes' }).selectOption('Wait');
    await dialog.getByText('The journey fits this version.').waitFor();
    await dialog.getByRole('button', { name: 'Migrate' }).click();
    await page.getByText('The journey goes on under version 2.').waitFor();
    expect(operated).toEqual([{ version: 2, mapping: [{ source: 'Wait', target: 'Wait' }] }]);
  });

  it('publishes a draft, and says what becomes of journeys under way', async () => {
    await open('/workflows');
    await page.getByRole('link', { name: 'VIP journey', exact: true }).click();
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('One journey is under way: what becomes of it?').waitFor();
    await dialog.getByRole('radio', { name: 'They migrate' }).check();
    await dialog.getByRole('combobox', { name: '“Wait” becomes' }).selectOption('Wait');
    await dialog.getByText('The journey fits this version.').waitFor();
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2 is active.').waitFor();
    expect(operated).toEqual([{ running: 'migrate', mapping: [{ source: 'Wait', target: 'Wait' }] }]);
  });

  it('lists the workflows and opens one in the modeler', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Open VIP journey in the modeler' }).click();
    await shape('Check').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('VIP journey');
    expect(await page.locator('.bjs-powered-by').isVisible()).toBe(true);
  });

  it('draws the stage of a node as a badge', async () => {
    await open('/modeler/vip');
    await shape('Check').waitFor();
    expect(await shape('Check').locator('.stage-badge').textContent()).toBe('Revenue');
  });

  it('places a segment check from the palette, edits it in the panel, and deploys it', async () => {
    await open('/modeler/vip');
    await placeSegmentCheck();
    const segment = page.getByLabel('Segment', { exact: true });
    await segment.fill('big-spenders');
    await segment.blur();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('VIP journey is deployed as version 2.').waitFor();
    expect(deployed).toHaveLength(1);
    expect(deployed[0]).toContain('<xflow:segmentCheck segment="big-spenders" resultVariable="inSegment" />');
  });

  it('keeps what it does not edit: the file comes out as it went in', async () => {
    await open('/modeler/vip');
    await shape('Check').waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('VIP journey is deployed as version 2.').waitFor();
    const extensions = (xml: string): readonly string[] => xml.match(/<xflow:[^>]*>/g) ?? [];
    expect(extensions(deployed[0] ?? '')).toEqual(extensions(journey));
  });

  it('marks problems while drawing, and selects the element of a problem', async () => {
    await open('/modeler/vip');
    await page.getByText('No problems found').waitFor();
    await placeSegmentCheck();
    await page.locator('.lint-mark--error').waitFor();
    await page.getByText('Problems', { exact: true }).click();
    await page.locator('.djs-container').click({ position: { x: 600, y: 60 } });
    await page.getByRole('button', { name: 'segment' }).filter({ hasText: 'Error' }).first().click();
    await page.getByLabel('Segment', { exact: true }).waitFor();
  });

  it('offers the fields of a handler from its schema', async () => {
    await open('/modeler/vip');
    await shape('Start').waitFor();
    await page.locator('.djs-palette [data-action="create.journey-task"]').click();
    await page.mouse.move(700, 600);
    await page.mouse.click(700, 600);
    const type = page.getByLabel('Type', { exact: true });
    await type.fill('http-call');
    await type.blur();
    await page.getByLabel('url *').waitFor();
  });

  it('loops an activity over a list', async () => {
    await open('/modeler');
    await shape('Start').waitFor();
    const looping = journey.replace(
      '</bpmn:serviceTask>',
      '<bpmn:multiInstanceLoopCharacteristics /></bpmn:serviceTask>',
    );
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'loop.bpmn', mimeType: 'application/xml', buffer: Buffer.from(looping) });
    await shape('Check').click();
    const list = page.getByLabel('List', { exact: true });
    await list.fill('=orders');
    await list.blur();
    await page.getByLabel('Variable of the item', { exact: true }).fill('order');
    await page.getByLabel('Variable of the item', { exact: true }).blur();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('VIP journey is deployed as version 2.').waitFor();
    expect(deployed[0]).toContain('xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"');
    expect(deployed[0]).toContain('<zeebe:loopCharacteristics inputCollection="=orders" inputElement="order" />');
  });

  it('names the data that a line takes into a task, and takes it back with one undo', async () => {
    await open('/modeler');
    const association =
      '<bpmn:dataInputAssociation id="In"><bpmn:sourceRef>Order</bpmn:sourceRef></bpmn:dataInputAssociation></bpmn:serviceTask>' +
      '<bpmn:dataObjectReference id="Order" name="order" dataObjectRef="Data" /><bpmn:dataObject id="Data" />';
    const drawn =
      '<bpmndi:BPMNShape id="Order_di" bpmnElement="Order"><dc:Bounds x="282" y="260" width="36" height="50" /></bpmndi:BPMNShape>' +
      '<bpmndi:BPMNEdge id="In_di" bpmnElement="In"><di:waypoint x="300" y="260" /><di:waypoint x="300" y="160" /></bpmndi:BPMNEdge>';
    const withData = journey
      .replace('</bpmn:serviceTask>', association)
      .replace('</bpmndi:BPMNPlane>', `${drawn}</bpmndi:BPMNPlane>`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'data.bpmn', mimeType: 'application/xml', buffer: Buffer.from(withData) });
    await shape('In').click({ force: true });
    await page.getByLabel('Data input', { exact: true }).fill('what');
    await page.keyboard.press('Tab');
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('VIP journey is deployed as version 2.').waitFor();
    expect(deployed[0]).toContain('<bpmn:dataInput id="In_data" name="what" />');
    expect(deployed[0]).toContain('<bpmn:targetRef>In_data</bpmn:targetRef>');
  });

  it('undoes and redoes, and knows whether something changed', async () => {
    await open('/modeler/vip');
    await placeSegmentCheck();
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.getByText('Unsaved changes').waitFor();
  });

  it('appends to the selected node by keyboard alone', async () => {
    await open('/modeler/vip');
    await shape('Wait').click();
    await page.locator('.djs-palette [data-action="create.journey-message"]').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Channel', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText('VIP journey is deployed as version 2.').waitFor();
    expect(deployed[0]).toMatch(/<bpmn:sequenceFlow id="[^"]+" sourceRef="Wait" targetRef="Activity_[^"]+" \/>/);
  });

  it('changes a node into another kind of the journey, and back with one undo', async () => {
    await open('/modeler/vip');
    await shape('Check').click();
    await page.locator('.djs-context-pad [data-action="replace"]').click();
    await page.locator('.djs-popup').getByText('Tier upgrade').click();
    await page.getByLabel('Ladder', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    await page.getByLabel('Segment', { exact: true }).waitFor();
  });

  it('asks before changes are lost', async () => {
    await open('/modeler/vip');
    await placeSegmentCheck();
    await page.getByRole('link', { name: 'Instances' }).click();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(new URL(page.url()).pathname).toBe('/modeler/vip');
  });

  it('opens a file from the disk, and says why another cannot be opened', async () => {
    await open('/modeler');
    await shape('Start').waitFor();
    const input = page.locator('input[type=file]');
    await input.setInputFiles({ name: 'a.bpmn', mimeType: 'application/xml', buffer: Buffer.from(journey) });
    await shape('Check').waitFor();
    await input.setInputFiles({ name: 'b.bpmn', mimeType: 'application/xml', buffer: Buffer.from('<html/>') });
    await page.getByText('The file could not be opened').waitFor();
  });

  it('speaks Chinese, in the diagram too, and remembers it', async () => {
    await open('/modeler/vip');
    await shape('Check').waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.djs-palette').getByText('分群判断').waitFor();
    await page.getByRole('button', { name: '创建任务' }).waitFor();
    expect(await shape('Check').locator('.stage-badge').textContent()).toBe('变现');
    await page.reload();
    await page.getByRole('button', { name: '部署' }).waitFor();
  });

  it('shows where the token of an instance waits, and how it came there', async () => {
    await open('/instances/i1');
    await page.locator('.token').filter({ hasText: 'in 3 days' }).waitFor();
    await page.getByText('Took “yes”, because its condition holds.').click();
    await page.getByText('You see an earlier moment.').waitFor();
    expect(await page.locator('.djs-connection.highlighted').getAttribute('data-element-id')).toBe('ToWait');
  });

  it('resolves an incident by the flow that an operator chooses', async () => {
    await open('/instances/i2');
    await page.locator('.token--incident').filter({ hasText: 'Needs help' }).waitFor();
    await page.getByRole('button', { name: 'Take “yes”' }).click();
    await page.getByText('The incident is resolved; the journey goes on.').waitFor();
    expect(resolutions).toEqual([{ action: 'take-flow', flowId: 'ToWait' }]);
  });

  it('shows what is wrong where the server refuses', async () => {
    await open('/users/nobody');
    await page.getByRole('alert').getByText('Nothing is here.').first().waitFor();
    // The browser itself tells a failed request; it is no fault of the page.
    expect(complaints.splice(0).every((text) => text.includes('404'))).toBe(true);
  });
});
