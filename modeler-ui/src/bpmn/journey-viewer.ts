import { xflowModdle } from '@xflow/schemas';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import type { Moment } from '../history/replay.js';
import { features } from './features.js';
import { fitDiagram } from './fit-diagram.js';
import drawing from './journey/drawing.js';
import { createTranslate } from './localization/translate.js';
import { withCurrentNamespace } from './namespace.js';
import type { Canvas, ElementRegistry, EventBus, StageNames } from './services.js';
import tokensModule from './tokens/index.js';
import type { TokenMark, TokenOverlays } from './tokens/token-overlays.js';
import { withLayout } from './with-layout.js';
import { readIdsOfEveryScript } from './ids-of-every-script.js';

export interface JourneyViewerOptions {
  readonly container: HTMLElement;
  readonly stageNames: StageNames;
  readonly dictionary: () => Readonly<Record<string, string>>;
  readonly onElement: (elementId: string) => void;
}

/** A diagram to look at, with what has happened to one instance drawn on it. */
export interface JourneyViewer {
  open(xml: string): Promise<void>;
  /** Colours what was visited and taken, where it is about one instance, and shows the tokens. */
  show(moment: Moment | null, tokens: readonly TokenMark[]): void;
  /** Points at one element or flow, and brings it into view; null points at nothing. */
  highlight(elementId: string | null): void;
  /** Name of an element or flow, its id where it has none. A flow without name is told by its target. */
  nameOf(elementId: string): string;
  fit(): void;
  zoom(factor: number): void;
  destroy(): void;
}

export function createJourneyViewer(options: JourneyViewerOptions): JourneyViewer {
  const viewer = new NavigatedViewer({
    container: options.container,
    moddleExtensions: { xflow: xflowModdle },
    additionalModules: [
      drawing,
      tokensModule,
      {
        stageNames: ['value', options.stageNames],
        translate: ['value', createTranslate(options.dictionary)],
      },
      ...features,
    ] as never,
  });
  readIdsOfEveryScript(viewer.get('moddle'));
  const canvas = viewer.get<Canvas>('canvas');
  const elements = viewer.get<ElementRegistry>('elementRegistry');
  const eventBus = viewer.get<EventBus>('eventBus');
  const tokenOverlays = viewer.get<TokenOverlays>('tokenOverlays');
  const marked = new Map<string, Set<string>>();
  let highlighted: string | null = null;

  eventBus.on('element.click', ({ element }) => {
    if (element !== undefined) options.onElement((element.labelTarget ?? element).id);
  });

  function mark(marker: string, ids: ReadonlySet<string>): void {
    const before = marked.get(marker) ?? new Set();
    for (const id of before) if (!ids.has(id) && elements.get(id)) canvas.removeMarker(id, marker);
    for (const id of ids) if (!before.has(id) && elements.get(id)) canvas.addMarker(id, marker);
    marked.set(marker, new Set(ids));
  }

  return {
    async open(xml) {
      await viewer.importXML(await withLayout(withCurrentNamespace(xml)));
      marked.clear();
      highlighted = null;
      fitDiagram(canvas, 0);
    },
    show(moment, tokens) {
      // The name of an event or gateway is an element of its own.
      mark('visited', new Set([...(moment?.visited ?? [])].flatMap((id) => [id, `${id}_label`])));
      mark('taken', moment?.taken ?? new Set());
      mark('visited-label', new Set([...(moment?.taken ?? [])].map((id) => `${id}_label`)));
      mark(
        'awaited',
        new Set(
          tokens.filter(({ tone }) => tone === 'awaited').flatMap(({ elementId }) => [elementId, `${elementId}_label`]),
        ),
      );
      mark('waiting', new Set(tokens.filter(({ tone }) => tone === 'active').map(({ elementId }) => elementId)));
      mark('failed', new Set(tokens.filter(({ tone }) => tone === 'incident').map(({ elementId }) => elementId)));
      tokenOverlays.show(tokens);
    },
    highlight(elementId) {
      if (highlighted !== null && elements.get(highlighted)) canvas.removeMarker(highlighted, 'highlighted');
      highlighted = elementId;
      const element = elementId === null ? undefined : elements.get(elementId);
      if (element === undefined) return;
      canvas.addMarker(element.id, 'highlighted');
      const root = canvas.findRoot(element);
      if (root !== undefined && root !== canvas.getRootElement()) canvas.setRootElement(root);
      canvas.scrollToElement(element, 60);
    },
    nameOf(elementId) {
      const object = elements.get(elementId)?.businessObject;
      const target = object?.['targetRef'] as { readonly name?: string; readonly id: string } | undefined;
      const name = object?.['name'];
      return (typeof name === 'string' && name.trim()) || (target && (target.name ?? target.id)) || elementId;
    },
    fit: () => fitDiagram(canvas, 0),
    zoom: (factor) => void canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto'),
    destroy: () => viewer.destroy(),
  };
}
