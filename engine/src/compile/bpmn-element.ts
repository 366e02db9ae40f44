/** An element of a file. Elements of namespaces without a meta-model (zeebe, camunda) have `$children` and `$body`. */
export interface BpmnElement {
  /** Such as `bpmn:ServiceTask`; of an unknown namespace `prefix:localName`. */
  readonly $type: string;
  readonly $parent?: BpmnElement | undefined;
  readonly $children?: readonly BpmnElement[] | undefined;
  readonly $body?: string | undefined;
  /** Attributes without a descriptor, by prefixed name. */
  readonly $attrs?: Readonly<Record<string, string>> | undefined;
  readonly $instanceOf?: (type: string) => boolean;
  readonly get?: (property: string) => unknown;
  readonly [property: string]: unknown;
}

/** An attribute or a text property, without surrounding space; null when it is absent or empty. */
export function textOf(element: BpmnElement, property: string): string | null {
  const value = propertyOf(element, property);
  if (typeof value !== 'string') return null;
  return value.trim() === '' ? null : value.trim();
}

export function elementOf(element: BpmnElement, property: string): BpmnElement | null {
  const value = propertyOf(element, property);
  return isElement(value) ? value : null;
}

export function elementsOf(element: BpmnElement, property: string): readonly BpmnElement[] {
  const value = propertyOf(element, property);
  return Array.isArray(value) ? value.filter(isElement) : [];
}

export function idOf(element: BpmnElement): string {
  return textOf(element, 'id') ?? '';
}

/** Whether it is of the type, or of one derived from it. */
export function isA(element: BpmnElement, type: string): boolean {
  return element.$instanceOf ? element.$instanceOf(type) : element.$type === type;
}

/** `Order paid (Task_1)`: how problems name an element. */
export function labelOf(element: BpmnElement): string {
  const name = textOf(element, 'name');
  return name === null ? `<${idOf(element)}>` : `"${name}" <${idOf(element)}>`;
}

/** Elements of bpmn:extensionElements. */
export function extensionsOf(element: BpmnElement): readonly BpmnElement[] {
  const extensions = elementOf(element, 'extensionElements');
  return extensions ? elementsOf(extensions, 'values') : [];
}

export function extensionOf(element: BpmnElement, type: string): BpmnElement | null {
  return extensionsOf(element).find(({ $type }) => $type === type) ?? null;
}

function propertyOf(element: BpmnElement, property: string): unknown {
  // What the file says is the element's own; only defaults, and attributes without a descriptor, have to be looked up.
  if (Object.hasOwn(element, property)) return element[property];
  // An attribute of an unknown namespace may have this name.
  return typeof element.get === 'function' ? element.get(property) : undefined;
}

function isElement(value: unknown): value is BpmnElement {
  return typeof value === 'object' && value !== null && '$type' in value;
}
