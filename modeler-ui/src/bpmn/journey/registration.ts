import type { Injector } from 'didi';
import type { PropertyGroup } from '../properties/property-group.js';
import type { PropertyGroups } from '../properties/property-groups.js';
import type { JourneyElement } from './journey-element.js';
import type { JourneyElements } from './journey-elements.js';

/** An entry of a module's `__init__`: makes a kind of node known to renderer, palette and context pad. */
export const registerElement = (kind: JourneyElement) =>
  ['journeyElements', (elements: JourneyElements) => elements.register(kind)] as const;

/** An entry of a module's `__init__`: adds a group to the properties panel. A viewer has no panel; then nothing happens. */
export const registerGroup = (group: PropertyGroup) =>
  ['injector', (injector: Injector) => injector.get<PropertyGroups>('propertyGroups', false)?.register(group)] as const;
