import { type BpmnElement, elementOf, labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { behaviorEvents } from '../compile/read-loop.js';
import { kindOf } from '../compile/read-trigger.js';
import type { LoopSpec } from '../loop-spec.js';

export const loop: Rule = {
  name: 'loop',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, loop } of nodes) {
        const finding = loop && (problemOf(loop) ?? problemOfEvents(element));
        if (finding) yield { elementId: id, message: `${labelOf(element)} ${finding.what}.`, remedy: finding.remedy };
      }
  },
};

/** Signals and escalations are what others can catch while the runs go on; an error would end them. */
function problemOfEvents(element: BpmnElement): { readonly what: string; readonly remedy: string } | null {
  const said = elementOf(element, 'loopCharacteristics');
  const wrong =
    said &&
    behaviorEvents(said).find(({ definition }) => definition && !['signal', 'escalation'].includes(kindOf(definition)))
      ?.definition;
  return wrong
    ? {
        what: `is multi-instance and throws an event of the kind ${kindOf(wrong)} when a run completes`,
        remedy: 'Throw a signal or an escalation.',
      }
    : null;
}

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
