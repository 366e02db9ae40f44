/** An element of the BPMN model (bpmn-moddle): its properties are read and written by name. */
export interface ModdleElement {
  readonly $type: string;
  $parent?: ModdleElement;
  id?: string;
  [property: string]: unknown;
}

/** Makes an element of the model: `('xflow:Wait', { duration: 'P1D' })`. */
export type ModdleFactory = (type: string, properties?: Readonly<Record<string, unknown>>) => ModdleElement;

/** One change of one element of the model. Applied as one command, so that one undo takes it back. */
export interface ModdleChange {
  readonly target: ModdleElement;
  /** A property that is undefined is removed. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What was written as changes: none, one, or several. */
export function changesOf(written: ModdleChange | readonly ModdleChange[] | null): readonly ModdleChange[] {
  return written === null ? [] : 'target' in written ? [written] : written;
}

/** A shape or connection of the diagram. */
export interface DiagramElement {
  readonly id: string;
  readonly type: string;
  readonly businessObject: ModdleElement;
  readonly labelTarget?: DiagramElement | undefined;
  /** The activity that a boundary event is attached to. */
  readonly host?: DiagramElement | undefined;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Children of `parent` under `property`; empty where there are none. */
export function childrenOf(parent: ModdleElement | undefined, property: string): readonly ModdleElement[] {
  const value = parent?.[property];
  return Array.isArray(value) ? (value as ModdleElement[]) : [];
}

/** A property that is text; undefined where it is absent or something else. */
export function textOf(element: ModdleElement | null | undefined, property: string): string | undefined {
  const value = element?.[property];
  return typeof value === 'string' ? value : undefined;
}

/** The element of the model whose extensions are meant: of a pool, its process. */
export function ownerOf(element: DiagramElement): ModdleElement {
  const object = element.businessObject;
  return object.$type === 'bpmn:Participant' && isElement(object['processRef']) ? object['processRef'] : object;
}

export function isElement(value: unknown): value is ModdleElement {
  return typeof value === 'object' && value !== null && '$type' in value;
}
