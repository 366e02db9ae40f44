import { bpmn } from '../../test/bpmn.js';
import { findings } from '../../test/findings.js';

describe('data-name', () => {
  it('finds two properties or data objects of one name in a scope, and two inputs of one name', async () => {
    const xml = bpmn(
      `<bpmn:property id="p" name="order" /><bpmn:dataObject id="o" name="order" />
       <bpmn:task id="a"><bpmn:ioSpecification><bpmn:dataInput id="i" name="x" /><bpmn:dataInput id="j" name="x" /><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification></bpmn:task>`,
    );
    expect(await findings('data-name', xml)).toEqual([
      ['journey', '"Journey" <journey> has <p> and <o> with the name "order", which are one variable.'],
      ['a', '<a> has <i> and <j> with the name "x", which are one variable.'],
    ]);
  });

  it('accepts references to one data object, an input and an output of one name, and the same name in another scope', async () => {
    const xml = bpmn(
      `<bpmn:dataObject id="o" name="order" /><bpmn:dataObjectReference id="r" dataObjectRef="o" /><bpmn:dataObjectReference id="q" dataObjectRef="o" />
       <bpmn:task id="a"><bpmn:ioSpecification><bpmn:dataInput id="i" name="x" /><bpmn:dataOutput id="j" name="x" /><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification></bpmn:task>
       <bpmn:subProcess id="sub"><bpmn:dataObject id="in" name="order" /><bpmn:task id="b" /></bpmn:subProcess>`,
    );
    expect(await findings('data-name', xml)).toEqual([]);
  });
});
