import type { BpmnElement } from './bpmn-element.js';
import { TypedElement } from './model-element.js';

/** What moddle tells of a namespace. */
export interface ModelPackage {
  readonly uri: string;
  readonly prefix: string;
  readonly xml?: { readonly tagAlias?: string; readonly typePrefix?: string };
}

/** What moddle tells of a type, everything inherited included. */
export interface TypeDescriptor {
  /** Such as `bpmn:ServiceTask`. */
  readonly name: string;
  readonly properties: readonly PropertyDescriptor[];
  /** By local and by prefixed name. */
  readonly propertiesByName: Readonly<Record<string, PropertyDescriptor | undefined>>;
  readonly allTypesByName: Readonly<Record<string, unknown>>;
  readonly bodyProperty?: PropertyDescriptor;
  readonly idProperty?: PropertyDescriptor;
}

export interface PropertyDescriptor {
  /** Local name. */
  readonly name: string;
  readonly type: string;
  readonly isAttr?: boolean;
  readonly isMany?: boolean;
  readonly isReference?: boolean;
  readonly isVirtual?: boolean;
  readonly default?: unknown;
  readonly xml?: { readonly serialize?: string };
}

/** Where the child elements of one name go. */
export interface ChildPlace {
  readonly property: PropertyDescriptor;
  /** Null: text, or a reference. */
  readonly type: ElementType | null;
  /** Of another namespace than those of the meta-model. */
  readonly generic: boolean;
}

/** A type of elements, ready to make them. */
export interface ElementType {
  readonly descriptor: TypeDescriptor;
  readonly make: (parent: BpmnElement | undefined) => TypedElement;
  /** By the name of the child; null: it must not stand there. */
  readonly places: Map<string, ChildPlace | null>;
}

/** The part of moddle that is used: what there is in the language, and not the reading of files. */
export interface Moddle {
  getPackages(): readonly ModelPackage[];
  getType(name: string): { readonly $descriptor: TypeDescriptor };
}

const simple: ReadonlySet<string> = new Set(['String', 'Boolean', 'Integer', 'Real']);

/** A language of models, as its moddle package describes it: which elements there are, what they consist of, and where they may stand. */
export class MetaModel {
  private readonly types = new Map<string, ElementType | null>();
  private readonly packages: ReadonlyMap<string, ModelPackage>;
  /** Prefixes by namespace, the same whatever prefix a file declares. */
  readonly prefixes: ReadonlyMap<string, string>;

  /**
   * @param namespaces further namespaces, with the prefix under which the compiler knows them
   * @param alsoElements attributes of moddle's, as in `bpmn:GlobalScriptTask script`, that the language's schema has as elements: both are read
   */
  constructor(
    private readonly moddle: Moddle,
    namespaces: Readonly<Record<string, string>>,
    private readonly alsoElements: readonly string[] = [],
  ) {
    const packages = moddle.getPackages();
    this.packages = new Map(packages.map((one) => [one.prefix, one]));
    this.prefixes = new Map([
      ['http://www.w3.org/2001/XMLSchema-instance', 'xsi'],
      ['http://www.w3.org/XML/1998/namespace', 'xml'],
      ...Object.entries(namespaces),
      ...packages.map(({ uri, prefix }) => [uri, prefix] as const),
    ]);
  }

  knows(prefix: string): boolean {
    return this.packages.has(prefix);
  }

  /** Null: there is no such type. */
  type(name: string): ElementType | null {
    let type = this.types.get(name);
    if (type === undefined) {
      type = this.makeType(name);
      this.types.set(name, type);
    }
    return type;
  }

  /** The type of elements of this name, such as `bpmn:task`; null: none. */
  typeOfElement(name: string): ElementType | null {
    const [prefix = '', local = ''] = splitName(name);
    if (this.packages.get(prefix)?.xml?.tagAlias !== 'lowerCase') return this.type(name);
    return this.type(`${prefix}:${local.charAt(0).toUpperCase()}${local.slice(1)}`);
  }

  /** The type that `xsi:type` names, whose names may have a prefix of their own, as in `bpmn:tFormalExpression`. */
  typeOfSchema(name: string): ElementType | null {
    const [prefix = '', local = ''] = splitName(name);
    const own = this.packages.get(prefix)?.xml?.typePrefix;
    return this.type(own !== undefined && local.startsWith(own) ? `${prefix}:${local.slice(own.length)}` : name);
  }

  /** Where child elements of this name go in elements of the type; null: nowhere. */
  place(parent: ElementType, name: string): ChildPlace | null {
    let place = parent.places.get(name);
    if (place === undefined) {
      place = this.findPlace(parent.descriptor, name);
      parent.places.set(name, place);
    }
    return place;
  }

  private findPlace(parent: TypeDescriptor, name: string): ChildPlace | null {
    const { properties, propertiesByName } = parent;
    const named = propertiesByName[name];
    if (named && (named.isAttr !== true || this.alsoElements.includes(`${parent.name} ${named.name}`))) {
      const type = simple.has(named.type) || named.isReference === true ? null : this.type(named.type);
      return { property: named, type, generic: named.type === 'Element' };
    }
    if (!this.knows(splitName(name)[0])) {
      const any = properties.find(({ isReference, type }) => isReference !== true && type === 'Element');
      return any ? { property: any, type: null, generic: true } : null;
    }
    const type = this.typeOfElement(name);
    const property =
      type &&
      properties.find(
        (one) => one.isVirtual !== true && one.isReference !== true && one.type in type.descriptor.allTypesByName,
      );
    return property ? { property, type, generic: false } : null;
  }

  private makeType(name: string): ElementType | null {
    if (simple.has(name) || name === 'Element') return null;
    let descriptor: TypeDescriptor;
    try {
      descriptor = this.moddle.getType(name).$descriptor;
    } catch {
      return null;
    }
    class Element extends TypedElement {}
    // Defaults belong to the type: an element has only what its file says.
    for (const { name: property, isMany, default: standard } of descriptor.properties)
      if (isMany !== true && standard !== undefined)
        Object.defineProperty(Element.prototype, property, { value: standard, writable: true });
    Object.defineProperties(Element.prototype, { $type: { value: name }, $descriptor: { value: descriptor } });
    return { descriptor, make: (parent) => new Element(parent), places: new Map() };
  }
}

/** Prefix and local name; the prefix is empty where there is none. */
export function splitName(name: string): readonly [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return colon === -1 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}
