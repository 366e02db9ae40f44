import { ListGroup } from '@bpmn-io/properties-panel';
import { elementFactory, type ElementMaker } from '../element-factory.js';
import type { Texts } from '../localization/texts.js';
import { changesOf, ownerOf, textOf, type DiagramElement, type ModdleElement, type ModdleFactory } from '../moddle.js';
import type { BpmnFactory, CommandStack } from '../services.js';
import { ChangeModelHandler, type ChangeModelContext } from './change-model-handler.js';
import { panelEntry, type EntryContext } from './entries.js';
import type { KnownNames } from './known-names.js';
import type { PropertyField, PropertyGroup, PropertyList } from './property-group.js';

interface PanelGroup {
  readonly id: string;
  readonly label?: string;
  readonly [property: string]: unknown;
}
interface PropertiesPanel {
  registerProvider(
    priority: number,
    provider: { readonly getGroups: (element: DiagramElement) => (groups: PanelGroup[]) => PanelGroup[] },
  ): void;
}

/** Diagram service `propertyGroups`: shows the groups that the feature modules have registered, after the general one. */
export class PropertyGroups {
  static readonly $inject = [
    'propertiesPanel',
    'commandStack',
    'bpmnFactory',
    'moddle',
    'texts',
    'knownNames',
    'debounceInput',
  ];
  readonly #groups: PropertyGroup[] = [];
  readonly #create: ModdleFactory;

  constructor(
    propertiesPanel: PropertiesPanel,
    private readonly commandStack: CommandStack,
    bpmnFactory: BpmnFactory,
    moddle: Pick<ElementMaker, 'createAny'>,
    private readonly texts: Texts,
    private readonly known: KnownNames,
    private readonly debounce: unknown,
  ) {
    this.#create = elementFactory({
      create: (type, properties) => bpmnFactory.create(type, properties),
      createAny: (type, namespace, properties) => moddle.createAny(type, namespace, properties),
    });
    commandStack.registerHandler('properties.changeModel', ChangeModelHandler);
    propertiesPanel.registerProvider(400, this);
  }

  register(group: PropertyGroup): void {
    this.#groups.push(group);
  }

  getGroups(element: DiagramElement): (groups: PanelGroup[]) => PanelGroup[] {
    return (groups) => {
      const shown = this.#groups.filter((group) => group.applies(element));
      const replaced = new Set(shown.flatMap((group) => group.replaces ?? []));
      const kept = groups.filter((group) => !replaced.has(group.id));
      const own = shown.flatMap((group) => this.#panelGroups(group, element));
      const general = kept.findIndex((group) => group.id === 'general') + 1;
      return [...kept.slice(0, general), ...own, ...kept.slice(general)];
    };
  }

  #panelGroups(group: PropertyGroup, element: DiagramElement): PanelGroup[] {
    const owner = ownerOf(element);
    const fields = group.fields(owner, this.known);
    const panelGroups: PanelGroup[] = [];
    if (fields.length > 0) {
      panelGroups.push({
        id: `xflow-${group.name}`,
        label: this.texts.t(`properties.${group.name}.title`),
        shouldOpen: group.open,
        entries: fields.map((field) => this.#entry(group.name, field, owner, `xflow-${group.name}-${field.name}`)),
      });
    }
    if (group.list !== undefined) panelGroups.push(this.#listGroup(group.name, group.list, owner, element));
    return panelGroups;
  }

  #listGroup(group: string, list: PropertyList, owner: ModdleElement, element: DiagramElement): PanelGroup {
    const id = `xflow-${group}-${list.name}`;
    return {
      id,
      element,
      label: this.texts.t(`properties.${group}.${list.name}`),
      component: ListGroup,
      shouldOpen: true,
      translate: (text: string) => text,
      add: (event: Event) => {
        event.stopPropagation();
        this.#apply(element, list.add(owner, this.#create));
      },
      items: list.items(owner).map((item, index) => ({
        id: `${id}-${index}`,
        label: textOf(item, 'name') ?? this.texts.t(`properties.${group}.${list.name}New`),
        autoFocusEntry: `${id}-${index}-name`,
        entries: list.fields.map((field) => this.#entry(group, field, item, `${id}-${index}-${field.name}`)),
        remove: (event: Event) => {
          event.stopPropagation();
          this.#apply(element, list.remove(owner, item));
        },
      })),
    };
  }

  #entry(group: string, field: PropertyField, owner: ModdleElement, id: string): ReturnType<typeof panelEntry> {
    const context: EntryContext = {
      texts: this.texts,
      debounce: this.debounce,
      change: (element, changed, target, value) => {
        if (changed.read(target) === value) return;
        this.#apply(element, changed.write(target, value, this.#create));
      },
    };
    return panelEntry(group, field, owner, id, context);
  }

  #apply(element: DiagramElement, written: ReturnType<PropertyField['write']>): void {
    const changes = changesOf(written);
    const context: ChangeModelContext = { element, changes };
    if (changes.length > 0) this.commandStack.execute('properties.changeModel', context);
  }
}
