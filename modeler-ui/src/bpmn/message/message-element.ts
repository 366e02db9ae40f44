import type { JourneyElement } from '../journey/journey-element.js';

export const messageElement: JourneyElement = {
  name: 'message',
  type: 'bpmn:SendTask',
  extension: 'xflow:Message',
  defaults: { channel: 'email' },
  icon: { path: 'M20.5 4L3.5 10.5l6.5 3 3 6.5zM20.5 4L10 13.5' },
  drawsIcon: true,
  onContextPad: true,
};
