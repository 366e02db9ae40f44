import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { mostAttempts, readRetry } from '../compile/read-retry.js';

export const retry: Rule = {
  name: 'retry',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element } of nodes) {
        const said = readRetry(element);
        if (said?.source === 'xflow:retry' && said.retry === null)
          yield {
            elementId: id,
            message: `${labelOf(element)} does not say how often its job is attempted: "${said.text}" is not understood.`,
            remedy: `Write attempts as a whole number from 1 to ${mostAttempts}, and backoff as durations separated by commas, as in <xflow:retry attempts="3" backoff="PT10S,PT5M" />.`,
          };
      }
  },
};
