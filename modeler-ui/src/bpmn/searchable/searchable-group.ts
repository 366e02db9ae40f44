import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Variables by which instances of a process are found. */
export const searchableGroup: PropertyGroup = {
  name: 'searchable',
  open: false,
  applies: ({ type }) => type === 'bpmn:Process' || type === 'bpmn:Participant',
  fields: () => [extensionField('xflow:Searchable', 'variables')],
};
