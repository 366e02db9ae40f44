import type { DataAssignment, DataMapping } from '../data-mapping.js';
import { type BpmnElement, elementOf, elementsOf, extensionOf, idOf, textOf } from './bpmn-element.js';
import { dataName, dataObjectOf, variable } from './data-names.js';
import type { NodeContent } from './diagram.js';
import { readPath } from './read-path.js';
import type { Reader } from './reader.js';

/**
 * Reads what comes into an element from the data around it, and goes back (BPMN 2.0.2, 10.4): data associations, properties, and the mappings of other
 * engines where nothing else has read them. Null: nothing does. Mistakes in expressions are remembered by the reader.
 */
export function readData(element: BpmnElement, content: NodeContent | null, reader: Reader): DataMapping | null {
  const { inputs, outputs, required } = readAssociations(element, reader);
  const foreign = mapsItself(content) ? null : readForeign(element, reader);
  const declared = [...propertiesOf(element), ...dataOutputsOf(element)].map(dataName);
  if (inputs.length + outputs.length + declared.length === 0 && foreign === null) return null;
  const [onlyOutput, ...others] = dataOutputsOf(element);
  return Object.freeze<DataMapping>({
    declared: Object.freeze([...new Set(declared)]),
    required,
    inputs: Object.freeze([...inputs, ...(foreign?.inputs ?? [])]),
    outputs: Object.freeze([...outputs, ...(foreign?.outputs ?? [])]),
    keepsResult: outputs.length > 0 || foreign?.keepsResult === true,
    wholeResult: onlyOutput && others.length === 0 ? dataName(onlyOutput) : null,
  });
}

/** Data objects that a data association of the element reads or fills. */
export function dataObjectsUsedBy(element: BpmnElement): readonly BpmnElement[] {
  const ends = [...associationsOf(element, 'in'), ...associationsOf(element, 'out')]
    .filter(copies)
    .flatMap((association) => [...elementsOf(association, 'sourceRef'), elementOf(association, 'targetRef')]);
  return ends.flatMap((end) => (end ? [dataObjectOf(end)] : [])).filter(({ $type }) => $type === 'bpmn:DataObject');
}

/** Properties, without those that modelers add so that an association has a target. */
export function propertiesOf(element: BpmnElement): readonly BpmnElement[] {
  return ownElements(element, 'properties').filter((property) => !isPlaceholder(property));
}

/** Data inputs of an activity or an event. */
export function dataInputsOf(element: BpmnElement): readonly BpmnElement[] {
  return specified(element, 'dataInputs');
}

export function dataOutputsOf(element: BpmnElement): readonly BpmnElement[] {
  return specified(element, 'dataOutputs');
}

export function associationsOf(element: BpmnElement, direction: 'in' | 'out'): readonly BpmnElement[] {
  return ownElements(element, direction === 'in' ? 'dataInputAssociations' : 'dataOutputAssociations');
}

/** Whether the association says what is copied where: one that is only drawn names no target of an input, and no source of an output. */
export function copies(association: BpmnElement): boolean {
  const target = elementOf(association, 'targetRef');
  const ends = [...elementsOf(association, 'sourceRef'), ...(target ? [target] : [])];
  if (ends.some((end) => isPlaceholder(end) || end.$type === 'bpmn:DataStoreReference')) return false;
  if (elementsOf(association, 'assignment').length > 0) return true;
  return target !== null && (ends.length > 1 || elementOf(association, 'transformation') !== null);
}

/** The association that fills the data input of a multi-instance activity with the list that it runs over. */
export function associationInto(element: BpmnElement, input: BpmnElement): BpmnElement | null {
  return associationsOf(element, 'in').find((one) => elementOf(one, 'targetRef') === input && copies(one)) ?? null;
}

/** The association that takes the list of outputs of a multi-instance activity from its data output. */
export function associationFrom(element: BpmnElement, output: BpmnElement): BpmnElement | null {
  return (
    associationsOf(element, 'out').find((one) => elementsOf(one, 'sourceRef').includes(output) && copies(one)) ?? null
  );
}

/** What an association brings to its target: its parts, each with where it goes. */
export function readAssociation(element: BpmnElement, association: BpmnElement, reader: Reader): DataAssignment[] {
  const target = elementOf(association, 'targetRef');
  const name = target && dataName(target);
  const place = `its data ${name ?? ''}`.trim();
  const transformation = elementOf(association, 'transformation');
  const text = transformation && textOf(transformation, 'body');
  const [source] = elementsOf(association, 'sourceRef');
  const assignments = elementsOf(association, 'assignment');
  const whole: DataAssignment[] =
    name === null
      ? []
      : text !== null
        ? [assign(name, [], reader.expression(element, `the transformation of ${place}`, text))]
        : source && assignments.length === 0
          ? [assign(name, [], variable(dataName(source)))]
          : [];
  return [
    ...whole,
    ...assignments.map((assignment) => {
      const from = elementOf(assignment, 'from');
      const value = reader.expression(element, `the assignment to ${place}`, (from && textOf(from, 'body')) ?? 'null');
      const [first, ...path] = pathOf(element, assignment, place, reader);
      const inTarget = target === null || first === name || first === idOf(target);
      return inTarget ? assign(name ?? first, path, value) : assign(name ?? first, [first, ...path], value);
    }),
  ];
}

const assign = (name: string, path: readonly string[], value: DataAssignment['value']): DataAssignment =>
  Object.freeze({ name, path: Object.freeze(path), value });

/** The parts of a name such as `order.total`, as FEEL, or `${order.total}`. */
function pathOf(
  element: BpmnElement,
  assignment: BpmnElement,
  place: string,
  reader: Reader,
): readonly [string, ...string[]] {
  const to = elementOf(assignment, 'to');
  const text = (to && textOf(to, 'body')) ?? '';
  const path = /^(?:=|[$#]\{)?\s*([^\s.="'(){}[\]]+(?:\.[^\s.="'(){}[\]]+)*)\s*\}?$/.exec(text)?.[1];
  if (path !== undefined) {
    const { name, path: parts } = readPath(element, `the assignment to ${place}`, path, reader);
    return [name, ...parts];
  }
  reader.mistake(
    element,
    `the assignment to ${place}`,
    `It assigns to ${text === '' ? 'nothing' : text}, which is no name.`,
    'Write the name of the data, or of a part of it, as in order.total.',
  );
  return [''];
}

function readAssociations(element: BpmnElement, reader: Reader): Pick<DataMapping, 'inputs' | 'outputs' | 'required'> {
  const loop = elementOf(element, 'loopCharacteristics');
  // The list that the activity runs over, and the list of its outputs, are no data of a single run.
  const list = loop && elementOf(loop, 'loopDataInputRef');
  const outputList = loop && elementOf(loop, 'loopDataOutputRef');
  const ins = associationsOf(element, 'in').filter(
    (one) => copies(one) && (list === null || elementOf(one, 'targetRef') !== list),
  );
  const outs = associationsOf(element, 'out').filter(
    (one) => copies(one) && (outputList === null || !elementsOf(one, 'sourceRef').includes(outputList)),
  );
  const inputs = ins.map((association) => ({
    target: elementOf(association, 'targetRef'),
    assignments: readAssociation(element, association, reader),
  }));
  return {
    inputs: inputs.flatMap(({ assignments }) => assignments),
    outputs: outs.flatMap((association) => readAssociation(element, association, reader)),
    required: Object.freeze(
      inputSetsOf(element).map((set) => {
        const optional = elementsOf(set, 'optionalInputRefs');
        const needed = elementsOf(set, 'dataInputRefs').filter((input) => !optional.includes(input));
        return Object.freeze(
          inputs.flatMap(({ target, assignments }) =>
            target && needed.includes(target) ? assignments.filter(({ path }) => path.length === 0) : [],
          ),
        );
      }),
    ),
  };
}

function inputSetsOf(element: BpmnElement): readonly BpmnElement[] {
  const specification = ownElement(element, 'ioSpecification');
  const ofThrow = ownElement(element, 'inputSet');
  return specification ? elementsOf(specification, 'inputSets') : ofThrow ? [ofThrow] : [];
}

function specified(element: BpmnElement, property: 'dataInputs' | 'dataOutputs'): readonly BpmnElement[] {
  const specification = ownElement(element, 'ioSpecification');
  return specification ? elementsOf(specification, property) : ownElements(element, property);
}

const isPlaceholder = (data: BpmnElement): boolean =>
  data.$type === 'bpmn:Property' && textOf(data, 'name') === '__targetRef_placeholder';

/** Only what the file says: most elements say nothing, and to look for defaults takes long. */
function ownElements(element: BpmnElement, property: string): readonly BpmnElement[] {
  return Object.hasOwn(element, property) ? elementsOf(element, property) : [];
}

function ownElement(element: BpmnElement, property: string): BpmnElement | null {
  return Object.hasOwn(element, property) ? elementOf(element, property) : null;
}

/** Elements whose own reading takes the mappings of other engines: they are what goes to the handler, the decision or the call. */
function mapsItself(content: NodeContent | null): boolean {
  return content === null || 'task' in content || content.type === 'decision-task' || content.type === 'call-activity';
}

type Foreign = Pick<DataMapping, 'inputs' | 'outputs' | 'keepsResult'>;

function readForeign(element: BpmnElement, reader: Reader): Foreign | null {
  const zeebe = extensionOf(element, 'zeebe:ioMapping');
  if (zeebe) return readZeebe(element, zeebe.$children ?? [], reader);
  const camunda = extensionOf(element, 'camunda:inputOutput');
  return camunda && readCamunda(element, camunda.$children ?? [], reader);
}

function readZeebe(element: BpmnElement, parts: readonly BpmnElement[], reader: Reader): Foreign {
  const read = (type: string, place: string): DataAssignment[] => {
    const some = parts.filter(({ $type }) => $type === type);
    const targetOf = (part: BpmnElement): string => textOf(part, 'target') ?? '';
    reader.named(element, `its ${place}s`, some, targetOf);
    return some.map((part) => {
      const { name, path } = readPath(element, `the ${place} ${targetOf(part)}`, targetOf(part), reader);
      return assign(name, path, reader.expression(element, `the ${place} ${name}`, textOf(part, 'source') ?? 'null'));
    });
  };
  const outputs = read('zeebe:output', 'output');
  return { inputs: read('zeebe:input', 'input'), outputs, keepsResult: outputs.length > 0 };
}

/** Text is a constant, unless an expression is in it. What the element brings goes outwards beside the outputs. */
function readCamunda(element: BpmnElement, parts: readonly BpmnElement[], reader: Reader): Foreign {
  const read = (type: string, place: string): DataAssignment[] => {
    const some = parts.filter(({ $type, $children = [] }) => $type === type && $children.length === 0);
    const nameOf = (part: BpmnElement): string => textOf(part, 'name') ?? '';
    reader.named(element, `its ${place}s`, some, nameOf);
    return some.map((part) => {
      const text = part.$body?.trim() ?? '';
      const feel = /[$#]\{/.test(text) ? text : JSON.stringify(text);
      return assign(nameOf(part), [], reader.expression(element, `the ${place} ${nameOf(part)}`, feel));
    });
  };
  return {
    inputs: read('camunda:inputParameter', 'input'),
    outputs: read('camunda:outputParameter', 'output'),
    keepsResult: false,
  };
}
