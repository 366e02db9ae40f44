import type { JourneyElement } from '../journey/journey-element.js';

export const splitElement: JourneyElement = {
  name: 'split',
  type: 'bpmn:ExclusiveGateway',
  extension: 'xflow:Split',
  defaults: {},
  icon: { path: 'M3.5 12H9c3.5 0 3.5-6 7-6h4.5M9 12c3.5 0 3.5 6 7 6h4.5M17.5 3l3 3-3 3M17.5 15l3 3-3 3' },
  drawsIcon: true,
  onContextPad: false,
};
