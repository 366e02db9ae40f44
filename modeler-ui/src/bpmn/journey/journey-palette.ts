import type { Texts } from '../localization/texts.js';
import type { Create, Entries, Palette } from '../services.js';
import { iconImage } from './journey-icon.js';
import type { JourneyElements } from './journey-elements.js';
import type { JourneyShapes } from './journey-shapes.js';

/** Puts every kind of journey node on the palette, before BPMN's own elements. */
export class JourneyPalette {
  static readonly $inject = ['palette', 'create', 'journeyElements', 'journeyShapes', 'texts'];

  constructor(
    palette: Palette,
    private readonly create: Create,
    private readonly elements: JourneyElements,
    private readonly shapes: JourneyShapes,
    private readonly texts: Texts,
  ) {
    palette.registerProvider(500, this);
  }

  getPaletteEntries(): (entries: Entries) => Entries {
    return (entries) => {
      const journey: Entries = {};
      for (const kind of this.elements.all()) {
        const start = (event: Event): void => this.create.start(event, this.shapes.create(kind));
        journey[`create.journey-${kind.name}`] = {
          group: 'journey',
          className: `journey-entry journey-entry--${kind.name}`,
          html: labelledEntry(this.texts.t(`element.${kind.name}`), iconImage(kind.icon, '#2a3f8f')),
          title: this.texts.t('palette.create', { element: this.texts.t(`element.${kind.name}`) }),
          action: { dragstart: start, click: start },
        };
      }
      const { tools, rest } = splitTools(entries);
      return { ...tools, ...journey, 'journey-separator': { group: 'journey', separator: true }, ...rest };
    };
  }
}

function splitTools(entries: Entries): { readonly tools: Entries; readonly rest: Entries } {
  const isTool = ([, entry]: [string, Entries[string]]): boolean => entry.group === 'tools';
  const all = Object.entries(entries);
  return {
    tools: Object.fromEntries(all.filter(isTool)),
    rest: Object.fromEntries(all.filter((entry) => !isTool(entry))),
  };
}

/** An entry with its name beside the icon: these are the words of the journey, and are not known by their icons yet. */
function labelledEntry(label: string, image: string): string {
  const escaped = label.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<div class="entry" role="button" draggable="true" tabindex="0"><span>${escaped}</span>${image}</div>`;
}
