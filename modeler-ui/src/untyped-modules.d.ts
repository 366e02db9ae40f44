declare module 'bpmn-js-properties-panel' {
  import type { ModuleDeclaration } from 'didi';
  export const BpmnPropertiesPanelModule: ModuleDeclaration;
  export const BpmnPropertiesProviderModule: ModuleDeclaration;
  /** A service of the diagram, inside of a component of the panel. */
  export function useService<Service>(name: string, strict?: boolean): Service;
}
declare module '@bpmn-io/properties-panel' {
  import type { ComponentType } from 'preact';
  interface EntryProps {
    readonly [name: string]: unknown;
  }
  export const CheckboxEntry: ComponentType<EntryProps>;
  export const SelectEntry: ComponentType<EntryProps>;
  export const TextAreaEntry: ComponentType<EntryProps>;
  export const TextFieldEntry: ComponentType<EntryProps>;
  export const ListGroup: ComponentType<EntryProps>;
  export function isCheckboxEntryEdited(node: unknown): boolean;
  export function isSelectEntryEdited(node: unknown): boolean;
  export function isTextAreaEntryEdited(node: unknown): boolean;
  export function isTextFieldEntryEdited(node: unknown): boolean;
}
declare module '@bpmn-io/properties-panel/preact' {
  export * from 'preact';
}
declare module '@bpmn-io/properties-panel/preact/hooks' {
  export * from 'preact/hooks';
}
declare module 'bpmn-js-i18n/translations/zn' {
  const translations: Readonly<Record<string, string>>;
  export default translations;
}
declare module 'diagram-js-minimap' {
  import type { ModuleDeclaration } from 'didi';
  const minimap: ModuleDeclaration;
  export default minimap;
}
declare module 'bpmn-auto-layout' {
  /** @returns the file with a diagram of its first process. */
  export function layoutProcess(xml: string): Promise<string>;
}
declare module 'bpmn-moddle' {
  import type { ModdleElement } from './bpmn/moddle.js';
  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, unknown>>);
    fromXML(xml: string): Promise<{
      readonly rootElement: ModdleElement;
      readonly elementsById: Readonly<Record<string, ModdleElement>>;
      readonly warnings: readonly unknown[];
    }>;
    toXML(element: ModdleElement): Promise<{ readonly xml: string }>;
    create(type: string, properties?: object): ModdleElement;
    createAny(type: string, namespace: string, properties?: object): ModdleElement;
  }
}
