declare module 'bpmn-moddle' {
  /** The meta-model of BPMN: its types and their properties. The package ships types of the elements only. */
  export class BpmnModdle {
    constructor(packages: Record<string, unknown>, options?: { readonly nsMap: Record<string, string> });
    getPackages(): readonly import('./compile/meta-model.js').ModelPackage[];
    /** Throws an Error for a type that does not exist. */
    getType(name: string): { readonly $descriptor: import('./compile/meta-model.js').TypeDescriptor };
  }
}
