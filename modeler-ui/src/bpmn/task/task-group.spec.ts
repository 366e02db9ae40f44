import { taskCatalog } from '@xflow/schemas';
import { testProcess } from '../../../test/test-process.js';
import { taskGroup } from './task-group.js';

const known = { segments: [], ladders: [], templates: [], workflows: [], taskTypes: taskCatalog };
const httpCall =
  '<bpmn:serviceTask id="A"><bpmn:extensionElements><xflow:task type="http-call">' +
  '<xflow:input name="url" value="https://example.com" /></xflow:task></bpmn:extensionElements></bpmn:serviceTask>';

describe('the form of a handler', () => {
  it('has a field for every entry of the schema, and marks the required ones', async () => {
    const process = await testProcess(httpCall);
    const labels = taskGroup.fields(process.element('A'), known).map(({ name, label }) => label ?? name);
    expect(labels).toEqual(['type', 'url *', 'method', 'headers', 'body', 'resultVariable']);
  });

  it('writes inputs by name', async () => {
    const process = await testProcess(httpCall);
    const owner = process.element('A');
    const field = (name: string) => taskGroup.fields(owner, known).find((each) => each.name === `input-${name}`)!;
    expect(field('url').read(owner)).toBe('https://example.com');
    process.apply(field('method').write(owner, 'POST', process.create));
    process.apply(field('url').write(owner, undefined, process.create));
    await expect(process.xml()).resolves.toContain(
      '<xflow:task type="http-call"><xflow:input name="method" value="POST" /></xflow:task>',
    );
  });

  it('has no fields for a type that the server does not know', async () => {
    const process = await testProcess(httpCall.replace('http-call', '__proto__'));
    const names = taskGroup.fields(process.element('A'), known).map(({ name }) => name);
    expect(names).toEqual(['type', 'resultVariable']);
  });
});
