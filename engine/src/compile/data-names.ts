import type { Expression } from '../expression.js';
import { noNeeds } from '../expressions/needs.js';
import { type BpmnElement, elementOf, elementsOf, idOf, textOf } from './bpmn-element.js';

/*
 * Data of a diagram (BPMN 2.0.2, 10.4) is the variable with its name.
 */

/** The data object that a reference refers to; anything else is itself. */
export function dataObjectOf(data: BpmnElement): BpmnElement {
  return data.$type === 'bpmn:DataObjectReference' ? (elementOf(data, 'dataObjectRef') ?? data) : data;
}

/**
 * Name of the variable that data of the diagram is: its name, else its id. Modelers write the name of a data object on its references: the first
 * one that has a name counts for all of them.
 */
export function dataName(data: BpmnElement): string {
  const object = dataObjectOf(data);
  return textOf(object, 'name') ?? nameOnReference(object) ?? textOf(data, 'name') ?? idOf(object);
}

function nameOnReference(object: BpmnElement): string | null {
  const { $parent } = object;
  if (object.$type !== 'bpmn:DataObject' || !$parent) return null;
  for (const other of elementsOf($parent, 'flowElements')) {
    if (other.$type !== 'bpmn:DataObjectReference' || elementOf(other, 'dataObjectRef') !== object) continue;
    const name = textOf(other, 'name');
    if (name !== null) return name;
  }
  return null;
}

/** Reads a variable whose name need not be one that FEEL can write. */
export function variable(name: string): Expression {
  return Object.freeze<Expression>({
    source: name,
    needs: noNeeds,
    reads: [name],
    evaluate: ({ variables }) => ({
      ok: true,
      value: Object.hasOwn(variables, name) ? (variables[name] ?? null) : null,
    }),
  });
}
