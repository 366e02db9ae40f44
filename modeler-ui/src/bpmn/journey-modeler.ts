import Modeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import minimapModule from 'diagram-js-minimap';
import { xflowModdle, type Problem } from '@xflow/schemas';
import { extensionOf } from './extension-element.js';
import { features } from './features.js';
import journeyModule from './journey/index.js';
import lintModule from './lint/index.js';
import { fitDiagram } from './fit-diagram.js';
import type { FindProblems, Linter } from './lint/linter.js';
import type { Texts } from './localization/texts.js';
import { createTranslate } from './localization/translate.js';
import { ownerOf, textOf } from './moddle.js';
import { withCurrentNamespace } from './namespace.js';
import propertiesModule from './properties/index.js';
import type { KnownNames } from './properties/known-names.js';
import type { Canvas, CommandStack, ElementRegistry, EventBus, Selection, StageNames } from './services.js';
import { withLayout } from './with-layout.js';
import { readIdsOfEveryScript } from './ids-of-every-script.js';

export interface JourneyModelerOptions {
  readonly container: HTMLElement;
  readonly propertiesParent: HTMLElement;
  readonly texts: Texts;
  readonly stageNames: StageNames;
  /** Translations of the texts of bpmn-js for the language of the moment. */
  readonly dictionary: () => Readonly<Record<string, string>>;
  /** May be filled later; then call `refreshNames`. */
  readonly knownNames: KnownNames;
  readonly findProblems: FindProblems;
  readonly onChange: (state: ModelerState) => void;
  readonly onProblems: (problems: readonly Problem[]) => void;
  /** A lint mark was clicked. */
  readonly onMark: (elementId: string) => void;
}
export interface ModelerState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The diagram differs from what was opened or marked as saved last. */
  readonly changed: boolean;
}

export interface DrawnProcess {
  /** Id of the process: the workflow's key. */
  readonly key: string;
  /** The key where it has no name. */
  readonly name: string;
  /** Stage that the whole process moves the user to. */
  readonly stage: string | null;
}

/** The modeler as the page sees it: the one service between Vue and the canvas. */
export interface JourneyModeler {
  /** Rejects when the file is no BPMN; the diagram before is gone then. Resolves with the warnings of the import. */
  open(xml: string): Promise<readonly string[]>;
  xml(): Promise<string>;
  markSaved(): void;
  undo(): void;
  redo(): void;
  zoom(factor: number): void;
  fit(): void;
  toggleMinimap(): void;
  /** Selects an element and brings it into view. False when the diagram has none of this id. */
  select(elementId: string): boolean;
  /** What is drawn, as it stands now; of several processes the first. */
  process(): DrawnProcess | null;
  refreshNames(): void;
  refreshLanguage(): void;
  destroy(): void;
}

export function createJourneyModeler(options: JourneyModelerOptions): JourneyModeler {
  const modeler = new Modeler({
    container: options.container,
    propertiesPanel: { parent: options.propertiesParent },
    moddleExtensions: { xflow: xflowModdle },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      minimapModule,
      journeyModule,
      propertiesModule,
      lintModule,
      {
        texts: ['value', options.texts],
        stageNames: ['value', options.stageNames],
        knownNames: ['value', options.knownNames],
        findProblems: ['value', options.findProblems],
        translate: ['value', createTranslate(options.dictionary)],
      },
      ...features,
    ] as never,
  });
  readIdsOfEveryScript(modeler.get('moddle'));
  const eventBus = modeler.get<EventBus>('eventBus');
  const commands = modeler.get<CommandStack>('commandStack');
  const canvas = modeler.get<Canvas>('canvas');
  const elements = modeler.get<ElementRegistry>('elementRegistry');
  const selection = modeler.get<Selection>('selection');

  /** Pixels at the left that the palette covers. */
  const paletteSpace = (): number => {
    const palette = options.container.querySelector('.djs-palette');
    return palette instanceof HTMLElement ? palette.offsetLeft + palette.offsetWidth : 0;
  };

  let depth = 0;
  let savedDepth = 0;
  const notify = (): void =>
    options.onChange({ canUndo: commands.canUndo(), canRedo: commands.canRedo(), changed: depth !== savedDepth });
  eventBus.on('commandStack.changed', (event) => {
    const { trigger } = event as { readonly trigger?: 'execute' | 'undo' | 'redo' | 'clear' };
    if (trigger === 'execute') {
      // The saved state lay ahead on the stack, and is out of reach now.
      if (savedDepth > depth) savedDepth = -1;
      depth += 1;
    } else if (trigger === 'redo') depth += 1;
    else if (trigger === 'undo') depth -= 1;
    else depth = savedDepth = 0;
    notify();
  });
  eventBus.on('lint.completed', (event) => {
    options.onProblems((event as { readonly problems: readonly Problem[] }).problems);
  });
  eventBus.on('lint.mark.click', ({ element }) => {
    if (element === undefined) return;
    selection.select(element);
    options.onMark(element.id);
  });

  return {
    async open(xml) {
      const { warnings } = await modeler.importXML(await withLayout(withCurrentNamespace(xml)));
      fitDiagram(canvas, paletteSpace());
      depth = savedDepth = 0;
      notify();
      return warnings.map((warning: unknown) => (warning instanceof Error ? warning.message : String(warning)));
    },
    async xml() {
      commitOpenField();
      const { xml } = await modeler.saveXML({ format: true });
      if (xml === undefined) throw new Error('Expected the modeler to hold a diagram when it is saved.');
      return xml;
    },
    markSaved() {
      savedDepth = depth;
      notify();
    },
    undo: () => commands.undo(),
    redo: () => commands.redo(),
    zoom: (factor) => void canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto'),
    fit: () => fitDiagram(canvas, paletteSpace()),
    toggleMinimap: () => modeler.get<{ toggle(): void }>('minimap').toggle(),
    select(elementId) {
      const element = elements.get(elementId);
      if (element === undefined) return false;
      const root = canvas.findRoot(element);
      if (root !== undefined && root !== canvas.getRootElement()) canvas.setRootElement(root);
      selection.select(element === root ? null : element);
      if (element !== root) canvas.scrollToElement(element, 80);
      return true;
    },
    process() {
      const process = elements
        .getAll()
        .map(ownerOf)
        .find(({ $type }) => $type === 'bpmn:Process');
      if (process?.id === undefined) return null;
      const stage = textOf(extensionOf(process, 'xflow:Lifecycle'), 'stage') ?? null;
      return { key: process.id, name: textOf(process, 'name') ?? process.id, stage };
    },
    refreshNames: () => {
      eventBus.fire('propertiesPanel.providersChanged');
      modeler.get<Linter>('linter').schedule();
    },
    refreshLanguage() {
      eventBus.fire('i18n.changed');
      eventBus.fire('elements.changed', { elements: elements.getAll().filter((element) => 'parent' in element) });
      eventBus.fire('propertiesPanel.providersChanged');
      modeler.get<Linter>('linter').schedule();
    },
    destroy: () => modeler.destroy(),
  };
}

/** A field of the panel commits when it loses the focus: a key that saves must not overtake it. */
function commitOpenField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
