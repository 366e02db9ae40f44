declare module 'dmn-moddle' {
  /** The meta-model of DMN: its types and their properties. The package ships no types. */
  export class DmnModdle {
    constructor(packages?: Record<string, unknown>);
    getPackages(): readonly import('./compile/meta-model.js').ModelPackage[];
    /** Throws an Error for a type that does not exist. */
    getType(name: string): { readonly $descriptor: import('./compile/meta-model.js').TypeDescriptor };
  }
}
