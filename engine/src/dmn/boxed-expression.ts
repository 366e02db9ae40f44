import { type BpmnElement, elementOf, elementsOf, textOf } from '../compile/bpmn-element.js';
import { feelFunction } from '../expressions/compile-feel.js';
import { compileDecisionTable } from './decision-table.js';
import type { DmnReader, Place } from './dmn-reader.js';
import { type Evaluation, feelContext, type Logic, withNames } from './evaluation.js';

/** Compiles decision logic of any kind (DMN 1.3, 7.3 and 10.2.2). Mistakes are told to the reader. */
export function compileLogic(element: BpmnElement | null, reader: DmnReader, place: Place): Logic {
  switch (element?.$type) {
    case 'dmn:LiteralExpression':
      return literal(element, reader, place);
    case 'dmn:DecisionTable':
      return compileDecisionTable(element, reader, place);
    case 'dmn:Context':
      return context(element, reader, place);
    case 'dmn:List':
      return list(element, reader, place);
    case 'dmn:Relation':
      return relation(element, reader, place);
    case 'dmn:Invocation':
      return invocation(element, reader, place);
    case 'dmn:FunctionDefinition':
      return functionDefinition(element, reader, place);
    default:
      reader.tell(
        place,
        element ? `${element.$type} is not supported.` : 'there is no decision logic.',
        'Give it a decision table or a literal expression.',
      );
      return () => null;
  }
}

function literal(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  if (textOf(element, 'text') === null)
    reader.tell(place, 'the expression is empty.', 'Write an expression such as amount * 0.2.');
  const feel = reader.feel(element, 'the expression', place);
  return (evaluation) => feel?.run(feelContext(evaluation)) ?? null;
}

/** Every entry sees those before it; one without a name is the value of the whole. */
function context(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const functions = new Set(place.functions);
  const entries = elementsOf(element, 'contextEntry').map((entry) => {
    const name = nameOf(elementOf(entry, 'variable'));
    const value = elementOf(entry, 'value');
    const logic = compileLogic(value, reader, { ...place, functions: new Set(functions) });
    if (value?.$type === 'dmn:FunctionDefinition' && name !== null) functions.add(name);
    return { name, logic };
  });
  return (evaluation) => {
    const values = new Map<string, unknown>();
    const inside = withNames(evaluation, values);
    for (const { name, logic } of entries) {
      const value = logic(inside);
      if (name === null) return value;
      values.set(name, value);
    }
    return Object.fromEntries(values);
  };
}

function list(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const parts = elementsOf(element, 'elements').map((part) => compileLogic(part, reader, place));
  return (evaluation) => parts.map((part) => part(evaluation));
}

function relation(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const columns = elementsOf(element, 'column').map((column) => nameOf(column) ?? '');
  const rows = elementsOf(element, 'row').map((row) =>
    elementsOf(row, 'elements').map((cell) => compileLogic(cell, reader, place)),
  );
  return (evaluation) =>
    rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]?.(evaluation) ?? null])));
}

function invocation(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const called = elementOf(element, 'calledFunction');
  const name = called && textOf(called, 'text');
  if (name === null || !place.functions.has(name))
    reader.tell(
      place,
      `it invokes ${name === null ? 'nothing' : `"${name}", which it does not require`}.`,
      'Draw a knowledge requirement from the business knowledge model, and invoke it by its name.',
    );
  const bindings = elementsOf(element, 'binding').map((binding) => ({
    parameter: nameOf(elementOf(binding, 'parameter')) ?? '',
    logic: compileLogic(elementOf(binding, 'bindingFormula'), reader, place),
  }));
  return (evaluation) => {
    const model = evaluation.valueOf(name ?? '') as ReturnType<typeof feelFunction>;
    const given = new Map(bindings.map(({ parameter, logic }) => [parameter, logic(evaluation)]));
    return model(...model.$args.map((parameter) => given.get(parameter) ?? null));
  };
}

/** A function of FEEL: a value that expressions can call. */
function functionDefinition(element: BpmnElement, reader: DmnReader, place: Place): Logic {
  const kind = textOf(element, 'kind');
  if (kind !== null && kind !== 'FEEL')
    reader.tell(place, `the function is written in ${kind}.`, 'Write it in FEEL: other languages are not run.');
  const parameters = elementsOf(element, 'formalParameter').map((parameter) => nameOf(parameter) ?? '');
  const body = compileLogic(elementOf(element, 'body'), reader, {
    ...place,
    functions: new Set([...place.functions, ...parameters]),
  });
  return (evaluation: Evaluation) =>
    feelFunction(
      (...values) =>
        body(withNames(evaluation, new Map(parameters.map((name, index) => [name, values[index] ?? null])))),
      ...parameters,
    );
}

function nameOf(element: BpmnElement | null): string | null {
  return element && textOf(element, 'name');
}
