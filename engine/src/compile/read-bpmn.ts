import { type Problem, xflowModdle } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';
import { type BpmnElement, idOf, labelOf } from './bpmn-element.js';
import { MetaModel } from './meta-model.js';
import { type Language, type ParsedFile, readModel } from './read-model.js';

/** Foreign namespaces by the prefix under which the rest of the compiler knows them, whatever prefix the file declares. */
export const foreignNamespaces = {
  'http://example.com/bpmn/xflow-extension': 'xflow',
  'http://camunda.org/schema/zeebe/1.0': 'zeebe',
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
};

/** Types only, and no file's content, so that one serves all files. */
const bpmn: Language = {
  name: 'BPMN',
  root: 'bpmn:Definitions',
  model: new MetaModel(new BpmnModdle({ xflow: xflowModdle }), foreignNamespaces, ['bpmn:GlobalScriptTask script']),
  unresolved: (element, property, id) => (isLoopData(property) ? readAsVariable(element, property, id) : null),
};

/** Reads BPMN into elements, or says why it cannot be read. */
export function readBpmn(xml: string): ParsedFile {
  return readModel(xml, bpmn);
}

const isLoopData = (property: string): boolean => /^loopData(Input|Output)Ref$/.test(property);

/** Other engines write the name of a variable where the standard refers to data of the diagram (BPMN 2.0.2, table 10.30): there is nothing else that it could mean. */
function readAsVariable(element: BpmnElement, property: string, name: string): Problem {
  Object.assign(element, { [property]: { $type: 'bpmn:DataObject', id: name } });
  return {
    level: 'warning',
    rule: 'references',
    elementId: element.$parent ? idOf(element.$parent) || null : null,
    message: `${element.$parent ? labelOf(element.$parent) : 'An activity'} refers to "${name}" as its ${property}, and there is no such data: the variable of that name is meant.`,
    remedy: 'Add a data object with this id, so that readers and other tools find it.',
  };
}
