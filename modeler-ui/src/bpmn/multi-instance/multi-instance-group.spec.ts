import { noKnownNames } from '../properties/known-names.js';
import { testProcess } from '../../../test/test-process.js';
import { multiInstanceGroup } from './multi-instance-group.js';

const loop = '<bpmn:multiInstanceLoopCharacteristics isSequential="true" />';

describe('the loop over a list', () => {
  it('is for multi-instance activities', async () => {
    const process = await testProcess(
      `<bpmn:task id="A">${loop}</bpmn:task><bpmn:task id="B" /><bpmn:task id="C"><bpmn:standardLoopCharacteristics /></bpmn:task>`,
    );
    const applies = (id: string): boolean =>
      multiInstanceGroup.applies({ businessObject: process.element(id) } as never);
    expect(['A', 'B', 'C'].map(applies)).toEqual([true, false, false]);
  });

  it('writes its list as an extension of the loop, reads it back, and takes it away', async () => {
    const process = await testProcess(`<bpmn:task id="A">${loop}</bpmn:task>`);
    const activity = process.element('A');
    const [list, item] = multiInstanceGroup.fields(activity, noKnownNames());
    process.apply(list!.write(activity, '=orders', process.create));
    process.apply(item!.write(activity, 'order', process.create));
    expect(list!.read(activity)).toBe('=orders');
    expect(await process.xml()).toContain(
      '<zeebe:loopCharacteristics inputCollection="=orders" inputElement="order" />',
    );
    process.apply(item!.write(activity, undefined, process.create));
    expect(await process.xml()).not.toContain('inputElement');
  });
});
