import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BatchOperation, Deployment, InstancePage, PublishResponse, Workflow } from '@xflow/schemas';
import { xflow } from '../src/cli/xflow.js';
import { diagram, end, message, process, sequence, start } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const userTask = (id: string) => `<bpmn:userTask id="${id}"/>`;
const one = (key: string, ...elements: readonly string[]) => diagram(process(key, sequence(start, ...elements, end)));

describe('versions and their states', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann', 'bob');
  });

  const draft = async (xml: string): Promise<Deployment> => await server.api.ok('POST', '/workflows?state=draft', xml);
  const publish = async (key: string, version: number, request: object = {}): Promise<PublishResponse> =>
    await server.api.ok('POST', `/workflows/${key}/versions/${version}/publish`, request);
  const statesOf = async (key: string): Promise<readonly string[]> =>
    (await server.api.ok<Workflow>('GET', `/workflows/${key}`)).versions.map(
      ({ version, state }) => `${version} ${state}`,
    );

  it('starts go to the active version; a draft changes nothing until it is published', async () => {
    const { api } = server;
    await api.deploy(one('offer', userTask('first')));
    expect(await draft(one('offer', userTask('second')))).toMatchObject({
      workflows: [{ version: 2, created: true, state: 'draft' }],
    });
    expect((await api.status(await api.start('offer', 'ann'))).version).toBe(1);
    const tried = await api.ok<{ instances: { id: string }[] }>('POST', '/workflows/offer/start', {
      userId: 'ann',
      version: 2,
    });
    expect((await api.status(tried.instances[0]!.id)).waitingAt).toEqual(['second']);
    expect(await publish('offer', 2)).toEqual({ key: 'offer', version: 2, state: 'active', operationId: null });
    expect((await api.status(await api.start('offer', 'ann'))).version).toBe(2);
    expect(await statesOf('offer')).toEqual(['2 active', '1 inactive']);
    expect(await api.refused('POST', '/workflows/offer/start', { userId: 'ann', version: 1 })).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/Version 1 .* not active any more/) as string,
    });
    // Back again.
    await publish('offer', 1);
    expect((await api.status(await api.start('offer', 'ann'))).version).toBe(1);
    expect(await statesOf('offer')).toEqual(['2 inactive', '1 active']);
  });

  it('a deploy of a draft as active publishes it, and makes no other version', async () => {
    const xml = one('same', userTask('ask'));
    await draft(xml);
    const { workflows } = await server.api.ok<Deployment>('POST', '/workflows', xml);
    expect(workflows).toMatchObject([{ version: 1, created: false, state: 'active' }]);
    expect(await draft(xml)).toMatchObject({ workflows: [{ version: 1, created: false, state: 'active' }] });
  });

  it('starts by message follow the active version, and cease with it', async () => {
    const { api } = server;
    const byMessage = (task: string) =>
      diagram(
        message('m', 'welcome'),
        process(
          'greeting',
          sequence(
            `<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>`,
            userTask(task),
            end,
          ),
        ),
      );
    const began = async (): Promise<readonly string[]> => {
      const { instanceIds } = await api.publish('welcome', 'ann');
      await api.rest();
      return Promise.all(instanceIds.map(async (id) => (await api.status(id)).waitingAt[0]!));
    };
    await draft(byMessage('one'));
    expect(await began()).toEqual([]);
    await publish('greeting', 1);
    expect(await began()).toEqual(['one']);
    await draft(byMessage('two'));
    expect(await began()).toEqual(['one']);
    await publish('greeting', 2);
    expect(await began()).toEqual(['two']);
    await api.ok('POST', '/workflows/greeting/versions/2/deactivate');
    expect(await began()).toEqual([]);
    expect(await api.refused('POST', '/workflows/greeting/start', { userId: 'ann' })).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/has no active version.*Publish one/) as string,
    });
    expect(await api.refused('POST', '/workflows/greeting/start', { users: [{ userId: 'ann' }] })).toMatchObject({
      status: 409,
    });
    await publish('greeting', 2);
    expect(await began()).toEqual(['two']);
  });

  it.each([
    ['migrate', ['active 2']],
    ['cancel', ['cancelled 1']],
    ['stay', ['active 1']],
  ])('publishing says what becomes of those in flight: %s', async (running, expected) => {
    const { api } = server;
    const key = `flight-${running}`;
    await api.deploy(one(key, userTask('ask')));
    await api.start(key, 'ann');
    await api.start(key, 'bob');
    await draft(one(key, userTask('ask'), userTask('more')));
    const { operationId } = await publish(key, 2, { running });
    await api.rest();
    if (operationId !== null)
      expect(await api.ok<BatchOperation>('GET', `/batch-operations/${operationId}`)).toMatchObject({
        status: 'done',
        total: 2,
        done: 2,
      });
    else expect(running).toBe('stay');
    const { items } = await api.ok<InstancePage>('GET', `/instances?workflow=${key}`);
    expect([...new Set(items.map(({ status, version }) => `${status} ${version}`))]).toEqual(expected);
  });

  it('undeploys what nothing runs on, and tells what still does', async () => {
    const { api } = server;
    await api.deploy(one('gone', userTask('ask')));
    const id = await api.start('gone', 'ann');
    expect(await api.refused('DELETE', '/workflows/gone/versions/1')).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/^1 instance runs on version 1/) as string,
    });
    await api.ok('POST', `/workflows/${id}/cancel`);
    expect(await api.ok('DELETE', '/workflows/gone/versions/1')).toMatchObject({ state: 'archived' });
    const { items } = await api.ok<{ items: { key: string }[] }>('GET', '/workflows');
    expect(items.map(({ key }) => key)).not.toContain('gone');
    expect(await api.status(id)).toMatchObject({ status: 'cancelled', workflowName: 'gone' });
    expect(await api.refused('POST', '/workflows/gone/start', { userId: 'ann' })).toMatchObject({ status: 409 });
    expect(await api.refused('POST', '/workflows/gone/versions/1/publish', {})).toMatchObject({ status: 409 });
    await api.deploy(one('gone', userTask('ask')));
    expect(await statesOf('gone')).toEqual(['2 active', '1 archived']);
  });

  it('are deployed as drafts and published from the command line', async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'xflow-versions-')), 'typed.bpmn');
    const xflowOut = async (...args: readonly string[]): Promise<string> => {
      const lines: string[] = [];
      const out = (line: string): unknown => lines.push(line);
      const terminal = { out, err: out, isInteractive: false, env: { XFLOW_URL: server.url }, cwd: tmpdir() };
      expect(await xflow(args, terminal)).toBe(0);
      return lines.join('\n');
    };
    await writeFile(file, one('typed', userTask('ask')));
    expect(await xflowOut('deploy', '--draft', file)).toMatch(/^workflow typed version 1 \(draft\)/);
    expect(JSON.parse(await xflowOut('publish', 'typed', '1'))).toMatchObject({ state: 'active', operationId: null });
    await writeFile(file, one('typed', userTask('ask'), userTask('more')));
    await xflowOut('deploy', '--draft', file);
    expect(JSON.parse(await xflowOut('publish', 'typed', '2', '--running', 'migrate'))).toMatchObject({
      operationId: expect.any(String) as string,
    });
    await rm(path.dirname(file), { recursive: true });
  });

  it('refuses versions that are not there, and mappings without a migration', async () => {
    const { api } = server;
    for (const version of ['7', '99999999999'])
      expect(await api.refused('POST', `/workflows/offer/versions/${version}/publish`, {})).toMatchObject({
        status: 404,
      });
    expect(await api.refused('POST', '/workflows/offer/versions/x/publish', {})).toMatchObject({ status: 400 });
    expect(
      await api.refused('POST', '/workflows/offer/versions/2/publish', { mapping: [{ source: 'a', target: 'b' }] }),
    ).toMatchObject({ status: 400, errors: [{ field: '$.mapping' }] });
  });
});
