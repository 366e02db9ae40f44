declare module 'dmn-moddle' {
  /** The part of the DMN reader that the compiler uses; the package ships no types. */
  export class DmnModdle {
    constructor(packages?: Record<string, unknown>, options?: { nsMap?: Record<string, string> });
    fromXML(
      xml: string,
      options: Record<string, unknown>,
    ): Promise<{ rootElement: import('./compile/bpmn-element.js').BpmnElement }>;
  }
}
