import type { DiagramElement, ModdleElement } from './moddle.js';

/** What the console uses of the services of diagram-js and bpmn-js. */
export interface EventBus {
  on(event: string | readonly string[], callback: (event: DiagramEvent) => void): void;
  off(event: string, callback: (event: DiagramEvent) => void): void;
  fire(event: string, data?: object): void;
}
export interface DiagramEvent {
  readonly element?: DiagramElement;
  readonly newSelection?: readonly DiagramElement[];
}
export interface BpmnFactory {
  create(type: string, properties?: Readonly<Record<string, unknown>>): ModdleElement;
}
export interface ElementFactory {
  createShape(attributes: Readonly<Record<string, unknown>>): DiagramElement;
}
export interface Create {
  start(event: Event, shape: DiagramElement, context?: { readonly source: DiagramElement }): void;
}
export interface AutoPlace {
  append(source: DiagramElement, shape: DiagramElement): void;
}
export interface Entry {
  /** Of a menu, with the name that is shown. */
  readonly group?: string | { readonly id: string; readonly name: string };
  /** Of a menu's entry. */
  readonly label?: string;
  readonly className?: string;
  readonly imageUrl?: string;
  /** In the place of the entry's own element. */
  readonly html?: string;
  readonly title?: string;
  readonly separator?: boolean;
  readonly action?: Readonly<Record<string, (event: Event) => void>> | (() => void);
}
export type Entries = Record<string, Entry>;
export interface Palette {
  registerProvider(
    priority: number,
    provider: { readonly getPaletteEntries: () => (entries: Entries) => Entries },
  ): void;
}
export interface ContextPad {
  registerProvider(
    priority: number,
    provider: { readonly getContextPadEntries: (element: DiagramElement) => (entries: Entries) => Entries },
  ): void;
}
export interface PopupMenu {
  registerProvider(
    menu: string,
    priority: number,
    provider: { readonly getPopupMenuEntries: (element: DiagramElement) => (entries: Entries) => Entries },
  ): void;
}
export interface BpmnReplace {
  /** Keeps what the new type allows: name, connections, documentation, extensions. */
  replaceElement(
    element: DiagramElement,
    target: { readonly type: string; readonly eventDefinitionType?: string },
  ): DiagramElement;
}
export interface BpmnRenderer {
  readonly handlers: Readonly<
    Record<string, ((parent: SVGElement, shape: DiagramElement, attributes: object) => SVGElement) | undefined>
  >;
  drawShape(parent: SVGElement, shape: DiagramElement, attributes: object): SVGElement;
  getShapePath(shape: DiagramElement): string;
}
export interface Modeling {
  createShape(
    shape: DiagramElement,
    /** Of its middle. */
    position: { readonly x: number; readonly y: number },
    parent: DiagramElement,
  ): DiagramElement;
  updateModdleProperties(
    element: DiagramElement,
    target: ModdleElement,
    properties: Readonly<Record<string, unknown>>,
  ): void;
}
export interface CommandStack {
  registerHandler(command: string, handler: new (...services: never[]) => object): void;
  execute(command: string, context: object): void;
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
}
export interface Canvas {
  getContainer(): HTMLElement;
  /** Without a scale: the scale of the moment. */
  zoom(scale?: number | 'fit-viewport', center?: 'auto' | { readonly x: number; readonly y: number }): number;
  viewbox(): Box & { readonly inner: Box; readonly outer: { readonly width: number; readonly height: number } };
  viewbox(box: Box): unknown;
  addMarker(elementId: string, marker: string): void;
  removeMarker(elementId: string, marker: string): void;
  scrollToElement(element: DiagramElement, padding?: number): void;
  getRootElement(): DiagramElement;
  setRootElement(root: DiagramElement): void;
  findRoot(element: DiagramElement): DiagramElement | undefined;
  resized(): void;
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface ElementRegistry {
  get(id: string): DiagramElement | undefined;
  getAll(): readonly DiagramElement[];
}
export interface Selection {
  get(): readonly DiagramElement[];
  select(element: DiagramElement | null): void;
}
export interface Overlays {
  add(
    elementId: string,
    type: string,
    overlay: {
      readonly position: Readonly<Record<string, number>>;
      readonly html: HTMLElement;
      readonly scale?: boolean;
    },
  ): string;
  remove(filter: { readonly type?: string; readonly id?: string }): void;
}

/** Name of a stage in the reader's language. */
export type StageNames = (stage: string) => string;
