import { extensionOf } from '../extension-element.js';
import type { DiagramElement } from '../moddle.js';
import type { JourneyElement } from './journey-element.js';

/** Diagram service `journeyElements`: the kinds of nodes that the feature modules have registered. */
export class JourneyElements {
  static readonly $inject: readonly string[] = [];
  readonly #kinds: JourneyElement[] = [];

  register(kind: JourneyElement): void {
    this.#kinds.push(kind);
  }

  all(): readonly JourneyElement[] {
    return this.#kinds;
  }

  /** The kind of a node, null for plain BPMN. */
  of(element: DiagramElement): JourneyElement | null {
    return this.#kinds.find((kind) => extensionOf(element.businessObject, kind.extension) !== null) ?? null;
  }
}
