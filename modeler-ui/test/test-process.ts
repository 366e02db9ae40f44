import { xflowModdle } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';
import { elementFactory } from '../src/bpmn/element-factory.js';
import { changesOf, type ModdleChange, type ModdleElement, type ModdleFactory } from '../src/bpmn/moddle.js';

/** A process of the model, read from XML, for the specs: elements by id, and the XML as it is written back. */
export interface TestProcess {
  element(id: string): ModdleElement;
  readonly create: ModdleFactory;
  /** What the modeler's command does with changes. */
  apply(written: ModdleChange | readonly ModdleChange[] | null): void;
  /** The XML of the process's content, without declarations. */
  xml(): Promise<string>;
}

/** Reads the content of a process: `<bpmn:task id="A" />`. Throws on warnings of the reader. */
export async function testProcess(content: string): Promise<TestProcess> {
  const moddle = new BpmnModdle({ xflow: xflowModdle });
  const { rootElement, elementsById, warnings } = await moddle.fromXML(
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="urn:xflow:bpmn:1.0" ' +
      `id="D" targetNamespace="urn:test"><bpmn:process id="P">${content}</bpmn:process></bpmn:definitions>`,
  );
  if (warnings.length > 0) throw new Error(`Expected no warnings: ${JSON.stringify(warnings)}`);
  return {
    element(id) {
      const element = elementsById[id];
      if (element === undefined) throw new Error(`Expected the test process to have an element ${id}.`);
      return element;
    },
    create: elementFactory(moddle),
    apply(written) {
      for (const { target, properties } of changesOf(written)) {
        Object.assign(target, properties);
        for (const [name, value] of Object.entries(properties)) {
          if (value === undefined) Reflect.deleteProperty(target, name);
        }
      }
    },
    async xml() {
      const { xml } = await moddle.toXML(rootElement);
      return /<bpmn:process id="P">(.*)<\/bpmn:process>/s.exec(xml)?.[1] ?? '';
    },
  };
}
