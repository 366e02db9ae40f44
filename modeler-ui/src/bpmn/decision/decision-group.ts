import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Which decision of a DMN file a business rule task evaluates (BPMN 2.0.2, 10.3.3). */
export const decisionGroup: PropertyGroup = {
  name: 'decision',
  open: true,
  applies: (element) => element.type === 'bpmn:BusinessRuleTask',
  fields: () => [extensionField('xflow:Decision', 'ref'), extensionField('xflow:Decision', 'resultVariable')],
};
