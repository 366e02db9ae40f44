import { childrenOf, isElement, type ModdleChange, type ModdleElement, type ModdleFactory } from './moddle.js';

/** The extension of this type (`xflow:Wait`) on an element of the model, null where it has none. */
export function extensionOf(owner: ModdleElement, type: string): ModdleElement | null {
  return extensionsOf(owner).find((extension) => extension.$type === type) ?? null;
}

/**
 * The change that sets properties of the extension of this type on `owner`, and creates the extension, and the list of
 * extensions, where they are absent. Every other extension stays as it is, in its order.
 */
export function setExtension(
  owner: ModdleElement,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  create: ModdleFactory,
): ModdleChange {
  const present = extensionOf(owner, type);
  if (present !== null) return { target: present, properties };

  const extension = create(type, properties);
  const list = owner['extensionElements'];
  if (isElement(list)) {
    extension.$parent = list;
    return { target: list, properties: { values: [...extensionsOf(owner), extension] } };
  }
  const created = create('bpmn:ExtensionElements', { values: [extension] });
  created.$parent = owner;
  extension.$parent = created;
  return { target: owner, properties: { extensionElements: created } };
}

/** The change that takes the extension of this type away; null where there is none. An empty list of extensions goes too. */
export function removeExtension(owner: ModdleElement, type: string): ModdleChange | null {
  const list = owner['extensionElements'];
  if (!isElement(list) || extensionOf(owner, type) === null) return null;
  const rest = extensionsOf(owner).filter((extension) => extension.$type !== type);
  return rest.length === 0
    ? { target: owner, properties: { extensionElements: undefined } }
    : { target: list, properties: { values: rest } };
}

/**
 * The change that appends a child (`xflow:Set`) to a list (`attributes`) of the extension of this type, which is created where
 * it is absent.
 */
export function appendToExtension(
  owner: ModdleElement,
  type: string,
  list: string,
  child: ModdleElement,
  create: ModdleFactory,
): ModdleChange {
  const present = extensionOf(owner, type);
  const change = setExtension(owner, type, { [list]: [...childrenOf(present ?? undefined, list), child] }, create);
  child.$parent = present ?? newExtension(change, type);
  return change;
}

function newExtension(change: ModdleChange, type: string): ModdleElement {
  const list = change.properties['extensionElements'] ?? { values: change.properties['values'] };
  const extension = childrenOf(list as ModdleElement, 'values').find((candidate) => candidate.$type === type);
  if (extension === undefined) throw new Error(`Expected the change to create ${type}.`);
  return extension;
}

function extensionsOf(owner: ModdleElement): readonly ModdleElement[] {
  const list = owner['extensionElements'];
  return isElement(list) ? childrenOf(list, 'values') : [];
}
