import { type BpmnElement, elementsOf, idOf, labelOf } from '../compile/bpmn-element.js';
import { dataName } from '../compile/data-names.js';
import type { Finding, Rule } from '../compile/diagram.js';
import { dataInputsOf, dataOutputsOf, propertiesOf } from '../compile/read-data.js';

/** Data is the variable with its name, so that two of one name are the same. */
export const dataNames: Rule = {
  name: 'data-name',
  level: 'warning',
  *check({ processes }) {
    for (const { scopes, nodes } of processes) {
      for (const { element } of scopes) {
        const objects = elementsOf(element, 'flowElements').filter(({ $type }) => $type === 'bpmn:DataObject');
        yield* check(element, [...propertiesOf(element), ...objects]);
      }
      for (const { element } of nodes) {
        yield* check(element, dataInputsOf(element));
        yield* check(element, dataOutputsOf(element));
      }
    }
  },
};

function* check(element: BpmnElement, data: readonly BpmnElement[]): Iterable<Finding> {
  const first = new Map<string, BpmnElement>();
  for (const one of data) {
    const name = dataName(one);
    const other = first.get(name);
    if (other === undefined) first.set(name, one);
    else
      yield {
        elementId: idOf(element),
        message: `${labelOf(element)} has <${idOf(other)}> and <${idOf(one)}> with the name "${name}", which are one variable.`,
        remedy: 'Give one of them another name, or refer to the same data by both.',
      };
  }
}
