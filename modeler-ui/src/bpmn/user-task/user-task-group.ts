import { extensionField, extensionList, ownField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

const types = ['string', 'number', 'boolean', 'date'].map((value) => ({
  value,
  label: { key: `properties.user-task.type-${value}` },
}));

/** Who may decide, and the form they fill in. */
export const userTaskGroup: PropertyGroup = {
  name: 'user-task',
  open: true,
  applies: (element) => element.type === 'bpmn:UserTask',
  fields: () => [extensionField('xflow:Candidates', 'users'), extensionField('xflow:Candidates', 'groups')],
  list: extensionList({
    name: 'fields',
    extension: 'xflow:Form',
    property: 'fields',
    childType: 'xflow:Field',
    initial: { type: 'string' },
    fields: [
      ownField('name'),
      ownField('label'),
      ownField('type', { kind: 'select', options: types }),
      ownField('options'),
      ownField('required', { kind: 'checkbox' }),
    ],
  }),
};
