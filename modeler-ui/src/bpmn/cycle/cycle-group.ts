import { childrenOf, isElement, type ModdleElement } from '../moddle.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** What a recurring timer does about firings that nobody could see to. */
export const cycleGroup: PropertyGroup = {
  name: 'cycle',
  open: false,
  applies: ({ type, businessObject }) =>
    (type === 'bpmn:StartEvent' || type === 'bpmn:BoundaryEvent') && recurs(businessObject),
  fields: () => [
    extensionField('xflow:Cycle', 'missed', {
      kind: 'select',
      options: [
        { value: 'once', label: { key: 'properties.cycle.missedOnce' } },
        { value: 'all', label: { key: 'properties.cycle.missedAll' } },
      ],
    }),
  ],
};

const recurs = (event: ModdleElement): boolean =>
  childrenOf(event, 'eventDefinitions').some(({ timeCycle }) => isElement(timeCycle));
