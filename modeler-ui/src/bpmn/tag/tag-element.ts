import type { JourneyElement } from '../journey/journey-element.js';

export const tagElement: JourneyElement = {
  name: 'tag',
  type: 'bpmn:ServiceTask',
  extension: 'xflow:Tag',
  defaults: {},
  icon: { path: 'M4 4h8l8.5 8.5-8 8L4 12zM7.5 8.5a1 1 0 1 0 2 0a1 1 0 1 0-2 0' },
  drawsIcon: true,
  onContextPad: false,
};
