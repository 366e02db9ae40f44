import type { ElementRegistry, Overlays } from '../services.js';

const overlayType = 'xflow-token';

/** A token, or several, at rest on an element. */
export interface TokenMark {
  readonly elementId: string;
  readonly count: number;
  /** What is waited for, as the reader says it; empty where it is not known. */
  readonly label: string;
  readonly tone: 'active' | 'incident';
}

/** Diagram service `tokenOverlays`: shows where the tokens of an instance rest. */
export class TokenOverlays {
  static readonly $inject = ['overlays', 'elementRegistry'];

  constructor(
    private readonly overlays: Overlays,
    private readonly elements: ElementRegistry,
  ) {}

  /** Replaces what is shown. Elements that the diagram does not draw are left out. */
  show(marks: readonly TokenMark[]): void {
    this.overlays.remove({ type: overlayType });
    for (const mark of marks) {
      const element = this.elements.get(mark.elementId);
      if (element === undefined) continue;
      const pill = document.createElement('div');
      pill.className = `token token--${mark.tone}`;
      const dot = document.createElement('span');
      dot.className = 'token__dot';
      if (mark.count > 1) dot.textContent = String(mark.count);
      const label = document.createElement('span');
      label.textContent = mark.label;
      pill.append(dot, ...(mark.label === '' ? [] : [label]));
      // Above the element, and above its stage: below are names and boundary events.
      const top = element.width >= 90 ? -34 : -48;
      this.overlays.add(mark.elementId, overlayType, { position: { top, left: element.width / 2 }, html: pill });
    }
  }
}
