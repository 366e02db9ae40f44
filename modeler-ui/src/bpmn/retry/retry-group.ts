import { extensionOf } from '../extension-element.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

const always = ['bpmn:ServiceTask', 'bpmn:SendTask'];
/** With one of these, any task or throw event is a job. */
const work = ['Task', 'Message', 'TierUpgrade', 'UpdateProfile', 'Tag', 'SegmentCheck', 'Retry'];

/** How often the job of an element is attempted, and how long after each failure the next attempt comes. */
export const retryGroup: PropertyGroup = {
  name: 'retry',
  open: false,
  applies: ({ type, businessObject }) =>
    always.includes(type) ||
    (/Task$|ThrowEvent$|EndEvent$/.test(type) &&
      work.some((name) => extensionOf(businessObject, `xflow:${name}`) !== null)),
  fields: () => [
    extensionField('xflow:Retry', 'attempts', { kind: 'text', suggestions: ['1', '3', '5', '10'] }),
    extensionField('xflow:Retry', 'backoff', { kind: 'text', suggestions: ['PT10S,PT1M,PT5M', 'PT1M,PT1H'] }),
  ],
};
