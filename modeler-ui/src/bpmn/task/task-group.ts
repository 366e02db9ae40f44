import { appendToExtension, extensionOf } from '../extension-element.js';
import { childrenOf, textOf, type ModdleElement } from '../moddle.js';
import { extensionField, extensionList, ownField } from '../properties/fields.js';
import type { PropertyControl, PropertyField, PropertyGroup } from '../properties/property-group.js';
import { schemaFields, type SchemaField } from './schema-fields.js';

const extension = 'xflow:Task';

/** Which handler works, and its configuration: the form comes from the handler's JSON Schema. */
export const taskGroup: PropertyGroup = {
  name: 'task',
  open: true,
  applies: (element) => extensionOf(element.businessObject, extension) !== null,
  fields: (owner, known) => {
    const type = textOf(extensionOf(owner, extension), 'type');
    const handler = type !== undefined && Object.hasOwn(known.taskTypes, type) ? known.taskTypes[type] : undefined;
    const types = Object.keys(known.taskTypes).sort();
    const typeField = extensionField(extension, 'type', { kind: 'text', suggestions: types, mustBeKnown: true });
    return [
      handler === undefined ? typeField : { ...typeField, hint: handler.description },
      ...schemaFields(handler?.schema ?? {}).map(inputField),
      extensionField(extension, 'resultVariable'),
    ];
  },
  list: extensionList({
    name: 'outputs',
    extension,
    property: 'outputs',
    childType: 'xflow:Output',
    initial: {},
    fields: [ownField('name'), ownField('value')],
  }),
};

function inputField(field: SchemaField): PropertyField {
  return {
    name: `input-${field.name}`,
    label: field.required ? `${field.name} *` : field.name,
    hint: field.description ?? '',
    control: controlOf(field),
    read: (owner) => textOf(inputOf(owner, field.name), 'value'),
    write: (owner, value, create) => {
      const input = inputOf(owner, field.name);
      const task = extensionOf(owner, extension);
      if (value === undefined) {
        if (input === undefined || task === null) return null;
        return { target: task, properties: { inputs: childrenOf(task, 'inputs').filter((other) => other !== input) } };
      }
      if (input !== undefined) return { target: input, properties: { value } };
      return appendToExtension(owner, extension, 'inputs', create('xflow:Input', { name: field.name, value }), create);
    },
  };
}

function controlOf(field: SchemaField): PropertyControl {
  if (field.kind === 'json') return { kind: 'area' };
  return field.options.length === 0
    ? { kind: 'text' }
    : { kind: 'text', suggestions: field.options, mustBeKnown: true };
}

function inputOf(owner: ModdleElement, name: string): ModdleElement | undefined {
  return childrenOf(extensionOf(owner, extension) ?? undefined, 'inputs').find((input) => input['name'] === name);
}
