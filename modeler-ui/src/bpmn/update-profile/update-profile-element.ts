import type { JourneyElement } from '../journey/journey-element.js';

export const updateProfileElement: JourneyElement = {
  name: 'update-profile',
  type: 'bpmn:ServiceTask',
  extension: 'xflow:UpdateProfile',
  defaults: {},
  icon: { path: 'M6 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M3 20c.7-3.5 3.5-5.5 7-5.5M13 20l.6-2.6 5.4-5.4 2 2-5.4 5.4z' },
  drawsIcon: true,
  onContextPad: false,
};
