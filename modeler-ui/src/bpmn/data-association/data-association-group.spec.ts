import { testProcess, type TestProcess } from '../../../test/test-process.js';
import { noKnownNames } from '../properties/known-names.js';
import { dataAssociationGroup } from './data-association-group.js';

/** A task with a line from the data object `order` and one to `receipt`, as bpmn-js draws them. */
const drawn = (more = '') =>
  testProcess(`<bpmn:dataObject id="do_order" /><bpmn:dataObject id="do_receipt" />
    <bpmn:dataObjectReference id="order" name="order" dataObjectRef="do_order" />
    <bpmn:dataObjectReference id="receipt" name="receipt" dataObjectRef="do_receipt" />
    <bpmn:dataStoreReference id="store" />
    <bpmn:serviceTask id="A">
      <bpmn:property id="made_up" name="__targetRef_placeholder" />
      <bpmn:dataInputAssociation id="In"><bpmn:sourceRef>order</bpmn:sourceRef><bpmn:targetRef>made_up</bpmn:targetRef></bpmn:dataInputAssociation>
      <bpmn:dataOutputAssociation id="Out"><bpmn:targetRef>receipt</bpmn:targetRef></bpmn:dataOutputAssociation>${more}
    </bpmn:serviceTask>`);

function fieldOf(process: TestProcess, association: string, name: string) {
  const owner = process.element(association);
  const field = dataAssociationGroup.fields(owner, noKnownNames()).find((one) => one.name === name);
  if (field === undefined) throw new Error(`Expected ${association} to have a field ${name}.`);
  return {
    read: () => field.read(owner),
    write: (value: unknown) => process.apply(field.write(owner, value, process.create)),
  };
}
const compact = async (process: TestProcess): Promise<string> => (await process.xml()).replace(/>\s+</g, '><');

describe('the data of an association', () => {
  it('is asked for at lines between tasks and data objects, not at those of data stores', async () => {
    const process = await drawn(
      '<bpmn:dataInputAssociation id="Stored"><bpmn:sourceRef>store</bpmn:sourceRef></bpmn:dataInputAssociation>',
    );
    const applies = (id: string): boolean =>
      dataAssociationGroup.applies({ businessObject: process.element(id) } as never);
    expect(['In', 'Out', 'Stored', 'A'].map(applies)).toEqual([true, true, false, false]);
  });

  it('is nothing while the line is only drawn', async () => {
    const process = await drawn();
    expect(fieldOf(process, 'In', 'input').read()).toBeUndefined();
    expect(fieldOf(process, 'Out', 'output').read()).toBeUndefined();
  });

  it('becomes data of the task by its name', async () => {
    const process = await drawn();
    fieldOf(process, 'In', 'input').write('what');
    fieldOf(process, 'Out', 'output').write('number');
    const xml = await compact(process);
    expect(xml).toContain(
      '<bpmn:ioSpecification><bpmn:dataInput id="In_data" name="what" /><bpmn:dataOutput id="Out_data" name="number" />' +
        '<bpmn:inputSet><bpmn:dataInputRefs>In_data</bpmn:dataInputRefs></bpmn:inputSet>' +
        '<bpmn:outputSet><bpmn:dataOutputRefs>Out_data</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>',
    );
    expect(xml).toContain('<bpmn:sourceRef>order</bpmn:sourceRef><bpmn:targetRef>In_data</bpmn:targetRef>');
    expect(xml).toContain('<bpmn:sourceRef>Out_data</bpmn:sourceRef><bpmn:targetRef>receipt</bpmn:targetRef>');
    expect(fieldOf(process, 'In', 'input').read()).toBe('what');
    expect(fieldOf(process, 'Out', 'output').read()).toBe('number');
  });

  it('is renamed, and goes with its name', async () => {
    const process = await drawn();
    const input = fieldOf(process, 'In', 'input');
    input.write('what');
    input.write('which');
    expect(await compact(process)).toContain('<bpmn:dataInput id="In_data" name="which" />');
    input.write(undefined);
    expect(input.read()).toBeUndefined();
    expect(await compact(process)).not.toContain('In_data');
    expect(await compact(process)).toContain('<bpmn:targetRef>made_up</bpmn:targetRef>');
    const output = fieldOf(process, 'Out', 'output');
    output.write('number');
    output.write(undefined);
    expect(output.read()).toBeUndefined();
    expect(await compact(process)).toContain(
      '<bpmn:ioSpecification><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification>',
    );
  });

  it('stays as long as another association has it', async () => {
    const process = await drawn(
      '<bpmn:dataInputAssociation id="Second"><bpmn:sourceRef>receipt</bpmn:sourceRef><bpmn:targetRef>made_up</bpmn:targetRef></bpmn:dataInputAssociation>',
    );
    fieldOf(process, 'In', 'input').write('what');
    fieldOf(process, 'Second', 'input').write('what');
    fieldOf(process, 'In', 'input').write(undefined);
    expect(fieldOf(process, 'Second', 'input').read()).toBe('what');
    expect((await compact(process)).match(/<bpmn:dataInput /g)).toHaveLength(1);
  });

  it('is transformed on its way', async () => {
    const process = await drawn();
    const transformation = fieldOf(process, 'Out', 'transformation');
    transformation.write('number * 2');
    expect(await compact(process)).toContain('>number * 2</bpmn:transformation>');
    expect(transformation.read()).toBe('number * 2');
    transformation.write(undefined);
    expect(await compact(process)).not.toContain('transformation');
  });

  it('is waited for, unless it may be missing', async () => {
    const process = await drawn();
    fieldOf(process, 'In', 'input').write('what');
    const optional = fieldOf(process, 'In', 'optional');
    expect(optional.read()).toBeUndefined();
    optional.write(true);
    expect(optional.read()).toBe(true);
    expect(await compact(process)).toContain('<bpmn:optionalInputRefs>In_data</bpmn:optionalInputRefs>');
    optional.write(undefined);
    expect(await compact(process)).not.toContain('optionalInputRefs');
  });
});
