import { isElement, textOf, type ModdleElement } from '../moddle.js';
import type { PropertyField, PropertyGroup } from '../properties/property-group.js';
import { dataOf, isInput, isOptional, nameData, namesData, setOptional } from './associated-data.js';

/** What a line between a task and a data object copies: the data of the task by its name, and what becomes of it on the way. */
export const dataAssociationGroup: PropertyGroup = {
  name: 'data',
  open: true,
  applies: ({ businessObject }) => namesData(businessObject),
  fields: (owner) => {
    if (!namesData(owner)) return [];
    return isInput(owner) ? [nameField('input'), transformation, optional] : [nameField('output'), transformation];
  },
};

const nameField = (name: string): PropertyField => ({
  name,
  control: { kind: 'text' },
  read: (association) => textOf(dataOf(association), 'name'),
  write: (association, value, create) => nameData(association, typeof value === 'string' ? value : undefined, create),
});

const transformation: PropertyField = {
  name: 'transformation',
  control: { kind: 'text' },
  read: (association) => textOf(transformationOf(association), 'body'),
  write(association, value, create) {
    const present = transformationOf(association);
    if (value === undefined) return { target: association, properties: { transformation: undefined } };
    if (present !== null) return { target: present, properties: { body: value } };
    const created = create('bpmn:FormalExpression', { body: value });
    created.$parent = association;
    return { target: association, properties: { transformation: created } };
  },
};

const optional: PropertyField = {
  name: 'optional',
  control: { kind: 'checkbox' },
  read: (association) => isOptional(association) || undefined,
  write: (association, value) => setOptional(association, value === true),
};

function transformationOf(association: ModdleElement): ModdleElement | null {
  const value = association['transformation'];
  return isElement(value) ? value : null;
}
