import { testProcess } from '../../../test/test-process.js';
import { noKnownNames } from '../properties/known-names.js';
import { retryGroup } from './retry-group.js';

describe('the retries of a job', () => {
  it('are for elements that have one', async () => {
    const tag = '<bpmn:extensionElements><xflow:tag add="vip" /></bpmn:extensionElements>';
    const process = await testProcess(`<bpmn:task id="A" /><bpmn:task id="B">${tag}</bpmn:task>`);
    const applies = (type: string, id: string): boolean =>
      retryGroup.applies({ type, businessObject: process.element(id) } as never);
    expect(applies('bpmn:Task', 'A')).toBe(false);
    expect(applies('bpmn:Task', 'B')).toBe(true);
    expect(applies('bpmn:ServiceTask', 'A')).toBe(true);
    expect(applies('bpmn:ExclusiveGateway', 'B')).toBe(false);
  });

  it('are written as one extension', async () => {
    const process = await testProcess('<bpmn:serviceTask id="A" />');
    const owner = process.element('A');
    const [attempts, backoff] = retryGroup.fields(owner, noKnownNames());
    process.apply(attempts!.write(owner, '3', process.create));
    process.apply(backoff!.write(owner, 'PT10S,PT5M', process.create));
    expect(await process.xml()).toContain('<xflow:retry attempts="3" backoff="PT10S,PT5M" />');
  });
});
