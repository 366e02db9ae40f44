import { extensionOf } from '../extension-element.js';
import { ownerOf, type DiagramElement } from '../moddle.js';
import type { ElementRegistry, Overlays } from '../services.js';

const overlayType = 'xflow-token';

/** A token, or several, at rest on an element; or an event that waits on behalf of a token that rests elsewhere. */
export interface TokenMark {
  readonly elementId: string;
  readonly count: number;
  /** What is waited for, as the reader says it; empty where it is not known. */
  readonly label: string;
  /** counted: how many instances rest there, as a number without a dot. */
  readonly tone: 'active' | 'incident' | 'awaited' | 'counted';
  /** A second text in the colour of incidents: how many there are. */
  readonly incidents?: string;
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
      const { side, ...position } = placeOf(element);
      this.overlays.add(mark.elementId, overlayType, { position, html: pillOf(mark, side) });
    }
  }
}

type Side = 'above' | 'left' | 'right';

function pillOf(mark: TokenMark, side: Side): HTMLElement {
  const pill = document.createElement('div');
  pill.className = `token token--${mark.tone} token--${side}`;
  const dot = document.createElement('span');
  dot.className = 'token__dot';
  if (mark.count > 1) dot.textContent = String(mark.count);
  const label = document.createElement('span');
  label.className = 'token__label';
  label.textContent = mark.label;
  const isDrawn = mark.label === '' || (mark.tone !== 'awaited' && mark.tone !== 'counted');
  pill.append(...(isDrawn ? [dot] : []), ...(mark.label === '' ? [] : [label]));
  if (mark.incidents !== undefined) {
    const incidents = document.createElement('span');
    incidents.className = 'token__incidents';
    incidents.textContent = mark.incidents;
    pill.append(incidents);
  }
  return pill;
}

/**
 * Above the element and its stage, for below are names and boundary events. A boundary event has its host above it or below
 * it, and others beside it: its pill points away from the middle of the host.
 */
function placeOf(element: DiagramElement): { readonly side: Side; readonly top: number; readonly left: number } {
  const host = element.host;
  if (host !== undefined) {
    const isLeft = element.x + element.width / 2 < host.x + host.width / 2;
    return { side: isLeft ? 'left' : 'right', top: 0, left: isLeft ? -3 : element.width + 3 };
  }
  const hasBadge = extensionOf(ownerOf(element), 'xflow:Lifecycle') !== null;
  const top = hasBadge && element.width < 90 ? -48 : -34;
  return { side: 'above', top, left: element.width / 2 };
}
