import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import type { LoopSpec } from '../definition.js';

export const loop: Rule = {
  name: 'loop',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, loop } of nodes) {
        const finding = loop && problemOf(loop);
        if (finding) yield { elementId: id, message: `${labelOf(element)} ${finding.what}.`, remedy: finding.remedy };
      }
  },
};

function problemOf(loop: LoopSpec): { readonly what: string; readonly remedy: string } | null {
  if (loop.kind === 'standard') {
    if (loop.condition === null && loop.maximum === null)
      return {
        what: 'is a loop without a condition and without a maximum, so it would never end',
        remedy: 'Give it a loop condition, a maximum of runs, or both.',
      };
    if (loop.maximum !== null && loop.maximum < 1)
      return {
        what: `is a loop of at most ${loop.maximum} runs`,
        remedy: 'Give it a maximum of 1 or more, or remove the maximum.',
      };
    return null;
  }
  if (loop.collection === null && loop.cardinality === null)
    return {
      what: 'is multi-instance, and neither a collection nor a cardinality says how often it runs',
      remedy: 'Give it an input collection, as in =customers, or a loop cardinality.',
    };
  if (loop.item !== null && loop.collection === null)
    return {
      what: `is multi-instance with the item "${loop.item}", but without a collection to take it from`,
      remedy: 'Give it an input collection, or remove the item.',
    };
  return null;
}
