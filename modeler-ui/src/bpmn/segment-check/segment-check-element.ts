import type { JourneyElement } from '../journey/journey-element.js';

export const segmentCheckElement: JourneyElement = {
  name: 'segment-check',
  type: 'bpmn:ServiceTask',
  extension: 'xflow:SegmentCheck',
  defaults: { resultVariable: 'inSegment' },
  icon: { path: 'M12 3.5a8.5 8.5 0 1 0 8.5 8.5H12zM15.5 3.6a8.6 8.6 0 0 1 4.9 4.9h-4.9z' },
  drawsIcon: true,
  onContextPad: true,
};
