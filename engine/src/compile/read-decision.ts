import { nestedEntries, objectTemplate } from '../expressions/template.js';
import { type BpmnElement, extensionOf, textOf } from './bpmn-element.js';
import { globalTaskOf } from './global-task.js';
import { readPath } from './read-path.js';
import type { NodeReading } from './read-node.js';
import type { Reader } from './reader.js';

interface SaidDecision {
  /** Text that names the decision, or `=` and FEEL; null: missing. */
  readonly ref: string | null;
  /** The id, where it is not computed. */
  readonly constant: string | null;
  readonly resultVariable: string | null;
}

/** The decision of DMN that a business rule task, or a call of a global one, asks: xflow:decision, zeebe:calledDecision or camunda:decisionRef. Null: none. */
export function decisionSaidBy(node: BpmnElement): SaidDecision | null {
  const element = globalTaskOf(node) ?? node;
  if (!/^bpmn:(Global)?BusinessRuleTask$/.test(element.$type)) return null;
  const xflow = extensionOf(element, 'xflow:Decision');
  if (xflow) return said(textOf(xflow, 'ref'), textOf(xflow, 'resultVariable') ?? 'decision');
  const zeebe = extensionOf(element, 'zeebe:calledDecision');
  if (zeebe) return said(textOf(zeebe, 'decisionId'), textOf(zeebe, 'resultVariable'));
  const camunda = textOf(element, 'camunda:decisionRef');
  return camunda === null ? null : said(camunda, textOf(element, 'camunda:resultVariable'));
}

/** Reads a business rule task that asks a decision; null: it asks none. */
export function readDecision(element: BpmnElement, reader: Reader): NodeReading | null {
  const decision = decisionSaidBy(element);
  if (!decision) return null;
  const { ref, constant, resultVariable } = decision;
  const mapping = extensionOf(element, 'zeebe:ioMapping')?.$children ?? [];
  const inputs = mapping.filter(({ $type }) => $type === 'zeebe:input');
  const outputs = mapping.filter(({ $type }) => $type === 'zeebe:output');
  const nameOf = (part: BpmnElement): string => textOf(part, 'target') ?? '';
  reader.named(element, 'its inputs', inputs, nameOf);
  reader.named(element, 'its outputs', outputs, nameOf);
  return {
    content: {
      type: 'decision-task',
      decision: reader.expression(
        element,
        'the decision',
        constant === null && ref !== null ? ref : JSON.stringify(constant ?? ''),
      ),
      input: objectTemplate(
        nestedEntries(
          inputs.map((part) => ({
            ...readPath(element, `the input ${nameOf(part)}`, nameOf(part), reader),
            leaf: reader.leaf(element, `the input ${nameOf(part)}`, textOf(part, 'source') ?? ''),
          })),
        ),
      ),
      outputs: Object.freeze(
        outputs.map((part) => ({
          ...readPath(element, `the output ${nameOf(part)}`, nameOf(part), reader),
          value: reader.expression(element, `the output ${nameOf(part)}`, textOf(part, 'source') ?? 'null'),
        })),
      ),
      resultVariable,
    },
  };
}

function said(ref: string | null, resultVariable: string | null): SaidDecision {
  return { ref, constant: ref === null || /^(=|[$#]\{)/.test(ref) ? null : ref, resultVariable };
}
