import type { InstanceStatus } from '@xflow/schemas';
import { diagram, end, process, sequence, start } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

const adHoc = `<bpmn:adHocSubProcess id="care"><bpmn:userTask id="call"/><bpmn:userTask id="visit"/><bpmn:userTask id="report"/>
  <bpmn:sequenceFlow id="after" sourceRef="visit" targetRef="report"/>
  <bpmn:completionCondition>=done</bpmn:completionCondition></bpmn:adHocSubProcess>`;

describe('POST /instances/{id}/activate', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann');
    await server.api.deploy(diagram(process('patient', sequence(start, adHoc, '<bpmn:userTask id="bill"/>', end))));
    await server.api.deploy(diagram(process('plain', sequence(start, '<bpmn:userTask id="only"/>', end))));
  });

  const completeTask = async (instanceId: string): Promise<void> => {
    const { items } = await server.api.ok<{ items: { id: string }[] }>('GET', `/tasks?instanceId=${instanceId}`);
    await server.api.ok('POST', `/tasks/${encodeURIComponent(items[0]!.id)}/complete`, { variables: {} });
  };

  it('begins activities of an open ad-hoc subprocess, until that is complete', async () => {
    const { api } = server;
    const id = await api.start('patient', 'ann', { done: false });
    await api.rest();
    const begun = await api.ok<InstanceStatus>('POST', `/instances/${id}/activate`, { elementId: 'call' });
    expect(begun).toMatchObject({ id, status: 'active', waitingAt: ['call'] });
    await completeTask(id);
    expect((await api.status(id)).waitingAt).toEqual([]);
    const again = { elementId: 'call', variables: { done: true } };
    expect(await api.ok('POST', `/instances/${id}/activate`, again)).toMatchObject({ variables: { done: true } });
    await completeTask(id);
    expect((await api.status(id)).waitingAt).toEqual(['bill']);
    expect(await api.refused('POST', `/instances/${id}/activate`, again)).toMatchObject({
      status: 409,
      type: 'urn:xflow:problem:conflict',
    });
  });

  it('refuses what nobody can ask for, and names what can be', async () => {
    const { api } = server;
    const id = await api.start('patient', 'ann', { done: false });
    for (const elementId of ['report', 'bill', 'care', 'unknown', '__proto__'])
      expect(await api.refused('POST', `/instances/${id}/activate`, { elementId })).toMatchObject({
        status: 422,
        errors: [
          {
            field: '$.elementId',
            message: `Workflow "patient" has no activity "${elementId}" that can be asked for.`,
            remedy: 'Send one of "call", "visit".',
          },
        ],
      });
    const plain = await api.start('plain', 'ann');
    expect(await api.refused('POST', `/instances/${plain}/activate`, { elementId: 'only' })).toMatchObject({
      status: 422,
      errors: [{ remedy: 'Only activities of an ad-hoc subprocess can be, and this workflow has none.' }],
    });
  });

  it('refuses instances that are not there, and requests without an element', async () => {
    const { api } = server;
    expect(await api.refused('POST', '/instances/nobody/activate', { elementId: 'call' })).toMatchObject({
      status: 404,
    });
    const id = await api.start('plain', 'ann');
    expect(await api.refused('POST', `/instances/${id}/activate`, {})).toMatchObject({ status: 400 });
  });
});
