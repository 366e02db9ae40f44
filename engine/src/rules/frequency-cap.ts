import { extensionOf, labelOf, textOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { addDuration, parseDuration } from '../timers/iso-8601.js';

export const frequencyCap: Rule = {
  name: 'frequency-cap',
  level: 'error',
  *check({ processes }) {
    for (const { id, element } of processes) {
      const cap = extensionOf(element, 'xflow:FrequencyCap');
      if (!cap) continue;
      const max: unknown = cap.get?.('max');
      const window = parseDuration(textOf(cap, 'window') ?? '');
      if (typeof max !== 'number' || !Number.isInteger(max) || max < 1)
        yield {
          elementId: id,
          message: `The frequency cap of ${labelOf(element)} does not say how many messages are allowed.`,
          remedy: 'Set max to a whole number above zero.',
        };
      if (window === null || (addDuration(0, window) ?? 0) <= 0)
        yield {
          elementId: id,
          message: `The frequency cap of ${labelOf(element)} does not say within what time.`,
          remedy: 'Set window to a duration of ISO 8601, for example P7D for a week.',
        };
    }
  },
};
