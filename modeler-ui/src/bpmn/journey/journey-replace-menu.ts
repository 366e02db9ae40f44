import type { Texts } from '../localization/texts.js';
import type { DiagramElement } from '../moddle.js';
import type { CommandStack, Entries, PopupMenu } from '../services.js';
import { ChangeKindHandler } from './change-kind-handler.js';
import type { JourneyElement } from './journey-element.js';
import { iconUrl } from './journey-icon.js';
import type { JourneyElements } from './journey-elements.js';

/** What may become what: tasks, events and gateways keep to themselves. */
const families = [
  { types: /Task$/, sign: 'bpmn-icon-task' },
  { types: /^bpmn:Intermediate(Catch|Throw)Event$/, sign: 'bpmn-icon-intermediate-event-none' },
  { types: /^bpmn:ExclusiveGateway$/, sign: 'bpmn-icon-gateway-none' },
] as const;
const familyOf = (type: string) => families.find(({ types }) => types.test(type));

/** Lets a node become another kind of the journey, or plain BPMN again, from the menu that changes its type. */
export class JourneyReplaceMenu {
  static readonly $inject = ['popupMenu', 'commandStack', 'journeyElements', 'texts'];

  constructor(
    popupMenu: PopupMenu,
    private readonly commandStack: CommandStack,
    private readonly elements: JourneyElements,
    private readonly texts: Texts,
  ) {
    commandStack.registerHandler('journey.changeKind', ChangeKindHandler);
    popupMenu.registerProvider('bpmn-replace', 500, this);
  }

  getPopupMenuEntries(element: DiagramElement): (entries: Entries) => Entries {
    return (entries) => {
      const present = this.elements.of(element);
      const family = familyOf(element.type);
      if (family === undefined) return entries;
      const journey: Entries = {};
      for (const kind of this.elements.all()) {
        if (kind !== present && family.types.test(kind.type)) {
          journey[`journey-${kind.name}`] = {
            ...this.#entry(element, kind, this.texts.t(`element.${kind.name}`)),
            imageUrl: iconUrl(kind.icon, '#2a3f8f'),
          };
        }
      }
      if (present !== null) {
        journey['journey-plain'] = {
          ...this.#entry(element, null, this.texts.t('palette.plain')),
          className: family.sign,
        };
      }
      return { ...journey, ...entries };
    };
  }

  #entry(element: DiagramElement, kind: JourneyElement | null, label: string): Entries[string] {
    return {
      label,
      group: { id: 'journey', name: this.texts.t('palette.journey') },
      action: () => this.commandStack.execute('journey.changeKind', { element, kind }),
    };
  }
}
