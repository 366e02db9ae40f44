import { extensionOf } from '../extension-element.js';
import { textOf } from '../moddle.js';
import { extensionField } from '../properties/fields.js';
import type { PropertyGroup } from '../properties/property-group.js';

const prefix = 'send-';

/** By which channel, with which template. A channel is whatever has a handler `send-<channel>`. */
export const messageGroup: PropertyGroup = {
  name: 'message',
  open: true,
  applies: (element) => extensionOf(element.businessObject, 'xflow:Message') !== null,
  fields: (owner, known) => {
    const channel = textOf(extensionOf(owner, 'xflow:Message'), 'channel');
    const channels = Object.keys(known.taskTypes)
      .filter((type) => type.startsWith(prefix))
      .map((type) => type.slice(prefix.length));
    const field = (name: string) => extensionField('xflow:Message', name);
    return [
      extensionField('xflow:Message', 'channel', { kind: 'text', suggestions: channels, mustBeKnown: true }),
      extensionField('xflow:Message', 'template', { kind: 'text', suggestions: known.templates, mustBeKnown: true }),
      ...(channel === 'webhook' ? [field('url')] : [field('to'), field('subject')]),
      field('resultVariable'),
    ];
  },
};
