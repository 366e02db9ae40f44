import type { Problem } from '@xflow/schemas';
import { type BpmnElement, idOf } from './bpmn-element.js';
import { guardXml, type XmlSink } from './guard.js';
import { type ChildPlace, type ElementType, MetaModel, type PropertyDescriptor } from './meta-model.js';
import { GenericElement, type TypedElement } from './model-element.js';
import { Namespaces } from './namespaces.js';
import { errorProblem } from './problem.js';
import { isXmlName } from './xml-text.js';

export interface Language {
  readonly name: 'BPMN' | 'DMN';
  /** Type of the root element. */
  readonly root: string;
  readonly model: MetaModel;
  /** Reads a reference to nothing as something else, and says so; null: it is a mistake. */
  readonly unresolved?: (element: BpmnElement, property: string, id: string) => Problem | null;
}

export interface ParsedFile {
  /** Null: the file cannot be read, and the problems say why. */
  readonly definitions: BpmnElement | null;
  readonly problems: readonly Problem[];
}

/** So many mistakes are told of a file that is not understood. */
const maxMistakes = 50;
const maxIdLength = 250;

/**
 * Reads a file into elements of the meta-model, in one walk over the text, which is guarded while it is read. What the meta-model does not know
 * is a problem: to drop it would change what the file says. Elements with such a mistake are left out, with all that is in them.
 *
 * It takes the meta-model from moddle, and not moddle's reader, which takes several times as long as all else that a compile does, refuses ids
 * with letters outside of ASCII, and looks for the line of every mistake from the beginning of the file.
 */
export function readModel(xml: string, language: Language): ParsedFile {
  const reader = new ModelReader(language);
  const refused = guardXml(xml, language.name, reader);
  return refused.length > 0 ? { definitions: null, problems: refused } : reader.finish();
}

/** What an open tag stands for: an element, the text of a property, a reference, or nothing that is read. */
interface Frame {
  readonly element: TypedElement | GenericElement | null;
  /** Of an element of the meta-model. */
  readonly type: ElementType | null;
  /** Whose text, or reference, this is. */
  readonly property: PropertyDescriptor | null;
  readonly owner: TypedElement | null;
  /** Names hold in here that do not hold outside. */
  readonly namespaces: Namespaces;
  text: string;
}

interface Reference {
  readonly element: TypedElement;
  readonly property: PropertyDescriptor;
  readonly id: string;
}

class ModelReader implements XmlSink {
  private readonly frames: Frame[] = [];
  private readonly elements = new Map<string, TypedElement>();
  private readonly references: Reference[] = [];
  private readonly problems: Problem[] = [];
  private root: TypedElement | null = null;

  constructor(private readonly language: Language) {}

  open(name: string, attributes: readonly string[], line: number): void {
    const parent = this.frames.at(-1);
    const inherited = parent?.namespaces ?? Namespaces.ofFile(this.language.model.prefixes);
    const namespaces = attributes.length === 0 ? inherited : inherited.declaredBy(attributes);
    this.frames.push(this.frame(parent, name, attributes, namespaces, line) ?? nothing(namespaces));
  }

  text(text: string, line: number): void {
    const frame = this.frames.at(-1);
    if (!frame) return;
    if (frame.type && !frame.type.descriptor.bodyProperty) {
      if (text.trim() !== '') this.refuse(line, `unexpected body text <${text}>`);
    } else frame.text += text;
  }

  close(): void {
    const frame = this.frames.pop();
    if (!frame) return;
    const { element, type, property, owner, text } = frame;
    if (owner && property) {
      if (property.isReference === true) this.references.push({ element: owner, property, id: text.trim() });
      else put(owner, property, coerce(property.type, text));
    } else if (element && type) {
      const body = type.descriptor.bodyProperty;
      if (body && text !== '') element[body.name] = coerce(body.type, text);
    } else if (element && text !== '') element.$body = text;
  }

  finish(): ParsedFile {
    for (const { element, property, id } of this.references) {
      const found = this.elements.get(id) ?? this.elements.get(id.slice(id.indexOf(':') + 1));
      if (found) put(element, property, found);
      else this.unresolved(element, property.name, id);
    }
    const tooMany = this.problems.length > maxMistakes;
    return { definitions: tooMany ? null : this.root, problems: this.problems.slice(0, maxMistakes) };
  }

  /** Null: the element is not understood, which was told, or is in one that is not. */
  private frame(
    parent: Frame | undefined,
    name: string,
    attributes: readonly string[],
    namespaces: Namespaces,
    line: number,
  ): Frame | null {
    const { model } = this.language;
    if (parent && parent.element === null && parent.owner === null) return null;
    const known = namespaces.element(name);
    if (known === null) return this.refuse(line, `the prefix of <${name}> is not declared`);
    if (!parent) {
      const type = model.type(this.language.root);
      if (!type || model.typeOfElement(known) !== type) return this.refuse(line, `unexpected element <${name}>`);
      return this.typed(type, undefined, attributes, namespaces, line);
    }
    if (parent.element instanceof GenericElement) {
      const element = this.generic(known, parent.element, attributes, namespaces, line);
      (parent.element.$children ??= []).push(element);
      return inside(element, null, namespaces);
    }
    const { element: owner, type: ownerType } = parent;
    const place = owner && ownerType && model.place(ownerType, known);
    if (!place) return this.unknownElement(name, line);
    if (!place.generic && place.type === null)
      return { element: null, type: null, property: place.property, owner, namespaces, text: '' };
    const frame = place.generic
      ? inside(this.generic(known, owner, attributes, namespaces, line), null, namespaces)
      : this.typedAt(place, name, owner, attributes, namespaces, line);
    if (frame?.element) {
      if (place.property.isMany !== true && Object.hasOwn(owner, place.property.name))
        return this.refuse(line, `a second <${name}> where there can be one`);
      put(owner, place.property, frame.element);
    }
    return frame;
  }

  private typedAt(
    { property, type }: ChildPlace,
    name: string,
    owner: TypedElement,
    attributes: readonly string[],
    namespaces: Namespaces,
    line: number,
  ): Frame | null {
    const said = property.xml?.serialize === 'xsi:type' ? valueOf(attributes, 'xsi:type', namespaces) : null;
    if (said === null)
      return type ? this.typed(type, owner, attributes, namespaces, line) : this.unknownElement(name, line);
    const qualified = namespaces.element(said);
    const actual = qualified === null ? null : this.language.model.typeOfSchema(qualified);
    return actual && property.type in actual.descriptor.allTypesByName
      ? this.typed(actual, owner, attributes, namespaces, line)
      : this.unknownElement(said, line);
  }

  private typed(
    type: ElementType,
    parent: TypedElement | undefined,
    attributes: readonly string[],
    namespaces: Namespaces,
    line: number,
  ): Frame | null {
    const { propertiesByName, idProperty } = type.descriptor;
    const element = type.make(parent);
    for (let index = 0; index < attributes.length; index += 2) {
      const written = attributes[index]!;
      const value = attributes[index + 1]!;
      const name = namespaces.attribute(written);
      if (name === null) {
        this.refuse(line, `the prefix of the attribute ${written} is not declared`);
        continue;
      }
      const property = propertiesByName[name];
      if (!property) this.foreign(element, name, value);
      else if (property.isReference !== true) element[property.name] = coerce(property.type, value);
      else
        for (const id of property.isMany === true ? value.trim().split(/\s+/) : [value.trim()])
          this.references.push({ element, property, id });
    }
    this.root ??= element;
    const id = idProperty ? element[idProperty.name] : undefined;
    if (typeof id === 'string' && id !== '' && !this.register(id, element, line)) return null;
    return inside(element, type, namespaces);
  }

  private generic(
    name: string,
    parent: BpmnElement,
    attributes: readonly string[],
    namespaces: Namespaces,
    line: number,
  ): GenericElement {
    const element = new GenericElement(name, parent);
    for (let index = 0; index < attributes.length; index += 2) {
      const attribute = namespaces.attribute(attributes[index]!);
      if (attribute === null) this.refuse(line, `the prefix of the attribute ${attributes[index]!} is not declared`);
      else element.add(attribute, attributes[index + 1]!);
    }
    return element;
  }

  /** An attribute that the type does not know; one of BPMN's own must not be there. */
  private foreign(element: TypedElement, name: string, value: string): void {
    const colon = name.indexOf(':');
    const prefix = name.slice(0, Math.max(colon, 0));
    if (name !== 'xmlns' && (colon === -1 || this.language.model.knows(prefix)))
      this.tell(
        errorProblem(
          'xml',
          idOf(element) || null,
          `${labelOf(element)} has the attribute "${name}", which ${this.language.name} and xflow do not know.`,
          'Correct its name, or remove it.',
        ),
      );
    element.$attrs ??= Object.create(null) as Record<string, string>;
    element.$attrs[name] = value;
  }

  /** Whether the id is the element's own. */
  private register(id: string, element: TypedElement, line: number): boolean {
    const mistake = this.mistakeIn(id);
    if (mistake === null) this.elements.set(id, element);
    else
      this.tell(
        errorProblem('unique-ids', id.slice(0, maxIdLength), `${mistake.message} (line ${line}).`, mistake.remedy),
      );
    return mistake === null;
  }

  private mistakeIn(id: string): { readonly message: string; readonly remedy: string } | null {
    if (id.length > maxIdLength)
      return {
        message: `The id "${id.slice(0, 50)}..." has ${id.length} characters, more than ${maxIdLength}`,
        remedy: 'Give the element a shorter id: instances and their history keep it.',
      };
    if (!isXmlName(id))
      return {
        message: `The id "${id}" is no XML name`,
        remedy: 'Begin it with a letter or "_", and use letters, digits, "_", "-" and "." only.',
      };
    return this.elements.has(id)
      ? { message: `More than one element has the id "${id}"`, remedy: 'Give every element an id of its own.' }
      : null;
  }

  private unresolved(element: TypedElement, property: string, id: string): void {
    this.tell(
      this.language.unresolved?.(element, property, id) ??
        errorProblem(
          'references',
          idOf(element) || null,
          `${labelOf(element)} refers to "${id}" as its ${property}, and there is no such element.`,
          'Connect it to an existing element, or delete it.',
        ),
    );
  }

  private unknownElement(name: string, line: number): null {
    return this.tell(
      errorProblem(
        'xml',
        null,
        `The element <${name}> is not known here (line ${line}).`,
        'Correct its name, move it to where it belongs, or remove it.',
      ),
    );
  }

  private refuse(line: number, reason: string): null {
    const { name } = this.language;
    return this.tell(
      errorProblem(
        'xml',
        null,
        `The file cannot be read as ${name} (line ${line}): ${reason.slice(0, 300).replace(/\s+/g, ' ')}.`,
        `Export the diagram again from a ${name} editor, and deploy that file.`,
      ),
    );
  }

  private tell(problem: Problem): null {
    if (this.problems.length <= maxMistakes) this.problems.push(problem);
    return null;
  }
}

const nothing = (namespaces: Namespaces): Frame => ({
  element: null,
  type: null,
  property: null,
  owner: null,
  namespaces,
  text: '',
});

const inside = (element: TypedElement | GenericElement, type: ElementType | null, namespaces: Namespaces): Frame => ({
  element,
  type,
  property: null,
  owner: null,
  namespaces,
  text: '',
});

function put(element: TypedElement, { name, isMany }: PropertyDescriptor, value: unknown): void {
  if (isMany !== true) element[name] = value;
  else if (Object.hasOwn(element, name)) (element[name] as unknown[]).push(value);
  else element[name] = [value];
}

function valueOf(attributes: readonly string[], sought: string, namespaces: Namespaces): string | null {
  for (let at = 0; at < attributes.length; at += 2)
    if (namespaces.attribute(attributes[at]!) === sought) return attributes[at + 1]!.trim();
  return null;
}

/** A value of XML Schema's type. */
function coerce(type: string, text: string): unknown {
  switch (type) {
    case 'Boolean':
      return text.trim() === 'true' || text.trim() === '1';
    case 'Integer':
      return parseInt(text, 10);
    case 'Real':
      return parseFloat(text);
    default:
      return text;
  }
}

function labelOf(element: BpmnElement): string {
  const id = idOf(element);
  return id === '' ? 'An element' : `<${id}>`;
}
