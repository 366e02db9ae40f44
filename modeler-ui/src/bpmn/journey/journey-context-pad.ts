import type { Texts } from '../localization/texts.js';
import type { DiagramElement } from '../moddle.js';
import type { AutoPlace, ContextPad, Create, Entries } from '../services.js';
import { iconImage } from './journey-icon.js';
import type { JourneyElements } from './journey-elements.js';
import type { JourneyShapes } from './journey-shapes.js';

const followed =
  /^bpmn:(?!End|DataObject|DataStore|Text|Participant|Lane|Group).*(Event|Task|Gateway|Activity|SubProcess)$/;

/** Whether something can follow a node. */
export const isFollowed = (element: DiagramElement): boolean =>
  followed.test(element.type) && element.labelTarget === undefined;

/** Lets the common kinds of journey nodes be appended from the context pad of a node. */
export class JourneyContextPad {
  static readonly $inject = ['contextPad', 'create', 'autoPlace', 'journeyElements', 'journeyShapes', 'texts'];

  constructor(
    contextPad: ContextPad,
    private readonly create: Create,
    private readonly autoPlace: AutoPlace,
    private readonly elements: JourneyElements,
    private readonly shapes: JourneyShapes,
    private readonly texts: Texts,
  ) {
    contextPad.registerProvider(500, this);
  }

  getContextPadEntries(element: DiagramElement): (entries: Entries) => Entries {
    return (entries) => {
      if (!isFollowed(element)) return entries;
      const journey: Entries = {};
      for (const kind of this.elements.all().filter((candidate) => candidate.onContextPad)) {
        journey[`append.journey-${kind.name}`] = {
          group: 'journey',
          className: `journey-entry journey-entry--${kind.name}`,
          html: `<div class="entry" draggable="true">${iconImage(kind.icon, '#2a3f8f')}</div>`,
          title: this.texts.t('palette.append', { element: this.texts.t(`element.${kind.name}`) }),
          action: {
            click: () => this.autoPlace.append(element, this.shapes.create(kind)),
            dragstart: (event: Event) => this.create.start(event, this.shapes.create(kind), { source: element }),
          },
        };
      }
      return { ...journey, ...entries };
    };
  }
}
