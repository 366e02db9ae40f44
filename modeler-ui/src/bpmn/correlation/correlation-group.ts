import { childrenOf, type DiagramElement } from '../moddle.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Which message is meant, where not the one with the user's id. */
export const correlationGroup: PropertyGroup = {
  name: 'correlation',
  open: false,
  applies: (element) => element.type === 'bpmn:ReceiveTask' || awaitsMessage(element),
  fields: () => [extensionField('xflow:Correlation', 'key')],
};

function awaitsMessage(element: DiagramElement): boolean {
  return (
    ['bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent'].includes(element.type) &&
    childrenOf(element.businessObject, 'eventDefinitions').some(
      (definition) => definition.$type === 'bpmn:MessageEventDefinition',
    )
  );
}
