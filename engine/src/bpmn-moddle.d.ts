declare module 'bpmn-moddle' {
  /** The part of the BPMN reader that the compiler uses; the package ships types of the elements only. */
  export class BpmnModdle {
    constructor(packages: Record<string, unknown>, options?: { nsMap?: Record<string, string> });
    fromXML(
      xml: string,
      options: Record<string, unknown>,
    ): Promise<{ rootElement: import('./compile/bpmn-element.js').BpmnElement }>;
  }
}
