import { extensionOf } from '../extension-element.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

const durations = ['PT1H', 'PT12H', 'P1D', 'P3D', 'P7D', 'P14D', 'P30D'];
const zones = ['UTC', '=user.attributes.zone', 'Asia/Shanghai', 'Europe/London', 'America/New_York'];
const windows = ['09:00-18:00', '10:00-20:00', '18:00-21:00'];

/** How long, or until when, and inside of which hours and days of the user. */
export const waitGroup: PropertyGroup = {
  name: 'wait',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:Wait') !== null,
  // The wait says when; a standard timer beside it would say it twice.
  replaces: ['timer'],
  fields: () => [
    extensionField('xflow:Wait', 'duration', { kind: 'text', suggestions: durations }),
    extensionField('xflow:Wait', 'until'),
    extensionField('xflow:Wait', 'zone', { kind: 'text', suggestions: zones }),
    extensionField('xflow:Wait', 'window', { kind: 'text', suggestions: windows }),
    extensionField('xflow:Wait', 'weekdays', { kind: 'text', suggestions: ['mon,tue,wed,thu,fri', 'sat,sun'] }),
    extensionField('xflow:Wait', 'jitter', { kind: 'text', suggestions: ['PT10M', 'PT1H'] }),
  ],
};
