import { extensionOf } from '../extension-element.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

/** Which segment is asked for, and where the answer goes. */
export const segmentCheckGroup: PropertyGroup = {
  name: 'segment-check',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:SegmentCheck') !== null,
  fields: (_owner, known) => [
    extensionField('xflow:SegmentCheck', 'segment', { kind: 'text', suggestions: known.segments, mustBeKnown: true }),
    extensionField('xflow:SegmentCheck', 'resultVariable'),
  ],
};
