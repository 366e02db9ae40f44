import { extensionOf } from '../extension-element.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Tags given and taken. */
export const tagGroup: PropertyGroup = {
  name: 'tag',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:Tag') !== null,
  fields: () => [extensionField('xflow:Tag', 'add'), extensionField('xflow:Tag', 'remove')],
};
