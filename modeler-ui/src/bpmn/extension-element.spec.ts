import { testProcess } from '../../test/test-process.js';
import { appendToExtension, extensionOf, removeExtension, setExtension } from './extension-element.js';

const bare = '<bpmn:serviceTask id="A" />';
const tagged =
  '<bpmn:serviceTask id="A"><bpmn:extensionElements><xflow:lifecycle stage="Revenue" />' +
  '<xflow:tag add="vip" /></bpmn:extensionElements></bpmn:serviceTask>';

describe('setExtension', () => {
  it('creates the list of extensions and the extension with the first value', async () => {
    const process = await testProcess(bare);
    process.apply(setExtension(process.element('A'), 'xflow:SegmentCheck', { segment: 'vip' }, process.create));
    await expect(process.xml()).resolves.toBe(
      '<bpmn:serviceTask id="A"><bpmn:extensionElements><xflow:segmentCheck segment="vip" />' +
        '</bpmn:extensionElements></bpmn:serviceTask>',
    );
  });

  it('adds an extension beside the others, which stay as they are', async () => {
    const process = await testProcess(tagged);
    process.apply(setExtension(process.element('A'), 'xflow:Task', { type: 'http-call' }, process.create));
    await expect(process.xml()).resolves.toBe(
      tagged.replace('</bpmn:extensionElements>', '<xflow:task type="http-call" /></bpmn:extensionElements>'),
    );
  });

  it('changes the extension that is there, and takes an attribute away with undefined', async () => {
    const process = await testProcess(tagged);
    const change = setExtension(process.element('A'), 'xflow:Tag', { add: undefined, remove: 'vip' }, process.create);
    process.apply(change);
    await expect(process.xml()).resolves.toBe(tagged.replace('add="vip"', 'remove="vip"'));
  });
});

describe('removeExtension', () => {
  it('takes one extension away', async () => {
    const process = await testProcess(tagged);
    process.apply(removeExtension(process.element('A'), 'xflow:Lifecycle'));
    await expect(process.xml()).resolves.toBe(tagged.replace('<xflow:lifecycle stage="Revenue" />', ''));
  });

  it('takes the list away with the last one', async () => {
    const process = await testProcess(tagged);
    process.apply(removeExtension(process.element('A'), 'xflow:Lifecycle'));
    process.apply(removeExtension(process.element('A'), 'xflow:Tag'));
    await expect(process.xml()).resolves.toBe(bare);
  });

  it('changes nothing where there is none', async () => {
    const process = await testProcess(bare);
    expect(removeExtension(process.element('A'), 'xflow:Tag')).toBeNull();
  });
});

describe('appendToExtension', () => {
  it('appends a child, in an extension that it creates', async () => {
    const process = await testProcess(bare);
    for (const name of ['city', 'zone']) {
      const child = process.create('xflow:Set', { name });
      process.apply(
        appendToExtension(process.element('A'), 'xflow:UpdateProfile', 'attributes', child, process.create),
      );
      expect(child.$parent).toBe(extensionOf(process.element('A'), 'xflow:UpdateProfile'));
    }
    await expect(process.xml()).resolves.toContain(
      '<xflow:updateProfile><xflow:set name="city" /><xflow:set name="zone" /></xflow:updateProfile>',
    );
  });
});
