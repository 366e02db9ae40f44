import { type BpmnElement, elementOf, elementsOf, labelOf } from '../compile/bpmn-element.js';
import type { Finding, Rule } from '../compile/diagram.js';
import { associationsOf } from '../compile/read-data.js';

/** What a data association copies, and where to (BPMN 2.0.2, 10.4.2). */
export const dataAssociation: Rule = {
  name: 'data-association',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element } of nodes)
        for (const association of [...associationsOf(element, 'in'), ...associationsOf(element, 'out')]) {
          const finding = check(element, association);
          if (finding) yield { elementId: id, ...finding };
        }
  },
};

function check(element: BpmnElement, association: BpmnElement): Omit<Finding, 'elementId'> | null {
  const target = elementOf(association, 'targetRef');
  const sources = elementsOf(association, 'sourceRef');
  const works = elementsOf(association, 'assignment').length > 0 || elementOf(association, 'transformation') !== null;
  const stores = [...sources, ...(target ? [target] : [])].filter(({ $type }) => $type === 'bpmn:DataStoreReference');
  if (stores[0])
    return {
      message: `A data association of ${labelOf(element)} reads or fills the data store ${labelOf(stores[0])}, which outlives instances: nothing is copied.`,
      remedy: 'Read or write it by a task, with a task handler that knows the store.',
    };
  if (target === null && sources.length > 0 && elementsOf(association, 'assignment').length === 0)
    return {
      message: `A data association of ${labelOf(element)} takes ${labelOf(sources[0]!)} nowhere.`,
      remedy: 'Connect it to the data that it shall fill, or delete it.',
    };
  if (sources.length > 1 && !works)
    return {
      message: `A data association of ${labelOf(element)} has ${sources.length} sources and does not say what becomes of them, so only ${labelOf(sources[0]!)} is copied.`,
      remedy: 'Add a transformation that reads all of them, or draw one association for each.',
    };
  return null;
}
