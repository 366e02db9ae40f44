import { extensionOf } from '../extension-element.js';
import { extensionList, ownField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** The attributes that are set, and their values. */
export const updateProfileGroup: PropertyGroup = {
  name: 'update-profile',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:UpdateProfile') !== null,
  fields: () => [],
  list: extensionList({
    name: 'set',
    extension: 'xflow:UpdateProfile',
    property: 'attributes',
    childType: 'xflow:Set',
    initial: {},
    fields: [ownField('name'), ownField('value')],
  }),
};
