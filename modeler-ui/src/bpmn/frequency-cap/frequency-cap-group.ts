import { extensionField } from '../properties/fields.js';
import type { PropertyField, PropertyGroup } from '../properties/property-group.js';

const max = extensionField('xflow:FrequencyCap', 'max');
/** The model keeps a whole number; what is none is not taken. */
const maxField: PropertyField = {
  ...max,
  read: (owner) => {
    const value = max.read(owner);
    return value === undefined ? undefined : String(value);
  },
  write: (owner, value, create) => {
    const number = value === undefined ? undefined : Number(value);
    return number !== undefined && !(Number.isSafeInteger(number) && number > 0)
      ? null
      : max.write(owner, number, create);
  },
};

/** How often a user may be reached, over all journeys. */
export const frequencyCapGroup: PropertyGroup = {
  name: 'frequency-cap',
  open: false,
  applies: (element) => element.type === 'bpmn:Process' || element.type === 'bpmn:Participant',
  fields: () => [
    maxField,
    extensionField('xflow:FrequencyCap', 'window', { kind: 'text', suggestions: ['P1D', 'P7D', 'P30D'] }),
  ],
};
