import { compile } from '../src/compile/compile.js';
import { flow } from './bpmn.js';

/** What one rule finds in a diagram: element and message of each problem. */
export async function findings(rule: string, xml: string): Promise<[elementId: string | null, message: string][]> {
  const { problems } = await compile(xml);
  return problems.filter((problem) => problem.rule === rule).map(({ elementId, message }) => [elementId, message]);
}

/** A start event `start`, the given element with the id `it`, and an end event `end`, in a row. */
export function inARow(element: string): string {
  return `<bpmn:startEvent id="start" />${element}<bpmn:endEvent id="end" />${flow('in: start -> it')}${flow('out: it -> end')}`;
}
