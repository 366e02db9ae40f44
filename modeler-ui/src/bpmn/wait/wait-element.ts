import type { JourneyElement } from '../journey/journey-element.js';

export const waitElement: JourneyElement = {
  name: 'wait',
  type: 'bpmn:IntermediateCatchEvent',
  eventDefinitionType: 'bpmn:TimerEventDefinition',
  extension: 'xflow:Wait',
  defaults: { duration: 'P1D' },
  icon: { path: 'M7 3.5h10M7 20.5h10M8 3.5c0 5 8 5.5 8 8.5s-8 3.5-8 8.5M16 3.5c0 5-8 5.5-8 8.5s8 3.5 8 8.5' },
  drawsIcon: false,
  onContextPad: true,
};
