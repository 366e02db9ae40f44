import { appendToExtension, extensionOf, setExtension } from '../extension-element.js';
import { childrenOf, type ModdleElement } from '../moddle.js';
import type { PropertyControl, PropertyField, PropertyList } from './property-group.js';

const plainText: PropertyControl = { kind: 'text' };

/** A field over an attribute of an extension, which is created with the first value. */
export function extensionField(extension: string, name: string, control: PropertyControl = plainText): PropertyField {
  return {
    name,
    control,
    read: (owner) => extensionOf(owner, extension)?.[name],
    write: (owner, value, create) =>
      value === undefined && extensionOf(owner, extension) === null
        ? null
        : setExtension(owner, extension, { [name]: value }, create),
  };
}

/** A field over an attribute of the element itself. */
export function ownField(name: string, control: PropertyControl = plainText): PropertyField {
  return {
    name,
    control,
    read: (owner) => owner[name],
    write: (owner, value) => ({ target: owner, properties: { [name]: value } }),
  };
}

/** A list of children of an extension. `initial` are the attributes of a new child. */
export function extensionList(options: {
  readonly name: string;
  readonly extension: string;
  readonly property: string;
  readonly childType: string;
  readonly initial: Readonly<Record<string, unknown>>;
  readonly fields: readonly PropertyField[];
}): PropertyList {
  const { name, extension, property, childType, initial, fields } = options;
  const items = (owner: ModdleElement): readonly ModdleElement[] =>
    childrenOf(extensionOf(owner, extension) ?? undefined, property);
  return {
    name,
    fields,
    items,
    add: (owner, create) => appendToExtension(owner, extension, property, create(childType, initial), create),
    remove: (owner, item) => {
      const parent = extensionOf(owner, extension);
      if (parent === null) throw new Error(`Expected ${extension} to be present while its list is edited.`);
      return { target: parent, properties: { [property]: items(owner).filter((other) => other !== item) } };
    },
  };
}
