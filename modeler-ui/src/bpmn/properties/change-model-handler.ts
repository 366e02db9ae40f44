import type { DiagramElement, ModdleChange } from '../moddle.js';
import type { Modeling } from '../services.js';

export interface ChangeModelContext {
  /** The element of the diagram that is drawn anew. */
  readonly element: DiagramElement;
  readonly changes: readonly ModdleChange[];
}

/** Command `properties.changeModel`: changes several elements of the model. Its parts are commands of their own, undone as one. */
export class ChangeModelHandler {
  static readonly $inject = ['modeling'];

  constructor(private readonly modeling: Modeling) {}

  preExecute({ element, changes }: ChangeModelContext): void {
    for (const { target, properties } of changes) this.modeling.updateModdleProperties(element, target, properties);
  }
}
