import { extensionOf } from '../extension-element.js';
import { isElement } from '../moddle.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyField, PropertyGroup } from '../properties/property-group.js';

/** The experiment whose arms leave the gateway. */
export const splitGroup: PropertyGroup = {
  name: 'split',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:Split') !== null,
  fields: () => [extensionField('xflow:Split', 'experiment')],
};

const weight = extensionField('xflow:Weight', 'value');
/** The model keeps the weight as a number; what is no number is not taken. */
const weightField: PropertyField = {
  ...weight,
  read: (owner) => {
    const value = weight.read(owner);
    return value === undefined ? undefined : String(value);
  },
  write: (owner, value, create) => {
    const number = value === undefined ? undefined : Number(value);
    return number !== undefined && !(Number.isFinite(number) && number >= 0)
      ? null
      : weight.write(owner, number, create);
  },
};

/** The share of users of a flow that leaves a split. */
export const armGroup: PropertyGroup = {
  name: 'arm',
  open: true,
  applies: (element) => {
    const source = element.businessObject['sourceRef'];
    return element.type === 'bpmn:SequenceFlow' && isElement(source) && extensionOf(source, 'xflow:Split') !== null;
  },
  fields: () => [weightField, extensionField('xflow:Weight', 'holdout', { kind: 'checkbox' })],
};
