import type { JourneyElement } from '../journey/journey-element.js';

export const taskElement: JourneyElement = {
  name: 'task',
  type: 'bpmn:ServiceTask',
  extension: 'xflow:Task',
  defaults: {},
  icon: { path: 'M9 4v4M15 4v4M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4' },
  drawsIcon: true,
  onContextPad: false,
};
