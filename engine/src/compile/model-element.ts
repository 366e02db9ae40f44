import type { BpmnElement } from './bpmn-element.js';
import type { TypeDescriptor } from './meta-model.js';

const none: readonly never[] = Object.freeze([]);

/** An element of a type that the meta-model knows. Its properties are its own fields, by their local names. */
export class TypedElement implements BpmnElement {
  declare readonly $type: string;
  declare readonly $descriptor: TypeDescriptor;
  [property: string]: unknown;
  /** Attributes that the type does not know; made with the first. */
  $attrs: Record<string, string> | undefined = undefined;

  constructor(public $parent: BpmnElement | undefined) {}

  $instanceOf(type: string): boolean {
    return type in this.$descriptor.allTypesByName;
  }

  /** A property, or its default; an attribute that the type does not know, by its prefixed name. */
  get(name: string): unknown {
    const property = this.$descriptor.propertiesByName[name];
    if (!property) return this.$attrs?.[name];
    const value = this[property.name];
    return value === undefined && property.isMany === true ? none : value;
  }
}

/** An element of a namespace without meta-model. Its attributes are its own fields, by their prefixed names. */
export class GenericElement implements BpmnElement {
  [attribute: string]: unknown;
  $children: BpmnElement[] | undefined = undefined;
  $body: string | undefined = undefined;

  constructor(
    readonly $type: string,
    readonly $parent: BpmnElement,
  ) {}

  $instanceOf(type: string): boolean {
    return type === this.$type;
  }

  get(name: string): unknown {
    return Object.hasOwn(this, name) ? this[name] : undefined;
  }

  /** Any name is an attribute's, also `__proto__`. */
  add(name: string, value: string): void {
    Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true });
  }
}
