import { childrenOf, isElement, textOf, type ModdleChange, type ModdleElement, type ModdleFactory } from '../moddle.js';

/** What bpmn-js has a drawn association fill, because it must fill something: it is no data. */
const placeholder = '__targetRef_placeholder';

/** How the data of one direction is kept in an activity (BPMN 2.0.2, 10.4). */
const kept = {
  'bpmn:DataInputAssociation': {
    type: 'bpmn:DataInput',
    all: 'dataInputs',
    sets: 'inputSets',
    refs: 'dataInputRefs',
    associations: 'dataInputAssociations',
  },
  'bpmn:DataOutputAssociation': {
    type: 'bpmn:DataOutput',
    all: 'dataOutputs',
    sets: 'outputSets',
    refs: 'dataOutputRefs',
    associations: 'dataOutputAssociations',
  },
} as const;

/** Whether this is an association that can name data of an activity: it is one of its own, and no data store is at its other end. */
export function namesData(association: ModdleElement): boolean {
  const { $type, $parent } = association;
  if (!Object.hasOwn(kept, $type) || !/(?:Task|CallActivity)$/.test($parent?.$type ?? '')) return false;
  const ends = [...childrenOf(association, 'sourceRef'), association['targetRef']];
  return !ends.some((end) => isElement(end) && end.$type === 'bpmn:DataStoreReference');
}

export const isInput = (association: ModdleElement): boolean => association.$type === 'bpmn:DataInputAssociation';

/** The data of its activity that the association fills, or takes further; null: it names none, so that it is only drawn. */
export function dataOf(association: ModdleElement): ModdleElement | null {
  const end = isInput(association) ? association['targetRef'] : childrenOf(association, 'sourceRef')[0];
  return isElement(end) && textOf(end, 'name') !== placeholder ? end : null;
}

/** The changes that name the data of the association, which is added to its activity, or renamed; without a name it goes. */
export function nameData(
  association: ModdleElement,
  name: string | undefined,
  create: ModdleFactory,
): readonly ModdleChange[] {
  const data = dataOf(association);
  if (name === undefined) return data === null ? [] : withoutData(association, data, create);
  return data === null ? withData(association, name, create) : [{ target: data, properties: { name } }];
}

/** Whether the activity begins although the data input of the association is not there. */
export function isOptional(association: ModdleElement): boolean {
  const data = dataOf(association);
  return (
    data !== null && setsWith(association, data).some((set) => childrenOf(set, 'optionalInputRefs').includes(data))
  );
}

/** The changes that let the activity begin without the data input, or have it wait for it. */
export function setOptional(association: ModdleElement, optional: boolean): readonly ModdleChange[] {
  const data = dataOf(association);
  if (data === null) return [];
  return setsWith(association, data).map((set) => {
    const others = childrenOf(set, 'optionalInputRefs').filter((one) => one !== data);
    return { target: set, properties: { optionalInputRefs: optional ? [...others, data] : others } };
  });
}

function withData(association: ModdleElement, name: string, create: ModdleFactory): readonly ModdleChange[] {
  const { type, all, sets, refs } = keptOf(association);
  const activity = activityOf(association);
  const present = specificationOf(association);
  const specification = present ?? emptySpecification(activity, create);
  // What the association has named before it was drawn to another end is still there.
  const id = `${association.id ?? activity.id}_data`;
  const others = childrenOf(specification, all);
  const same = others.find((one) => one['name'] === name) ?? others.find((one) => one.id === id);
  const data = same ?? create(type, { id });
  const set = childrenOf(specification, sets)[0] ?? create(type.replace(/^bpmn:Data/, 'bpmn:') + 'Set');
  set.$parent = specification;
  data.$parent = specification;
  const isNew = same === undefined;
  return [
    ...(present === undefined ? [{ target: activity, properties: { ioSpecification: specification } }] : []),
    ...(childrenOf(specification, sets).includes(set)
      ? []
      : [{ target: specification, properties: { [sets]: [set] } }]),
    ...(isNew ? [{ target: specification, properties: { [all]: [...others, data] } }] : []),
    ...(isNew ? [{ target: set, properties: { [refs]: [...childrenOf(set, refs), data] } }] : []),
    { target: data, properties: { name } },
    { target: association, properties: isInput(association) ? { targetRef: data } : { sourceRef: [data] } },
  ];
}

function withoutData(association: ModdleElement, data: ModdleElement, create: ModdleFactory): readonly ModdleChange[] {
  const { all, refs, associations } = keptOf(association);
  const activity = activityOf(association);
  const isShared = childrenOf(activity, associations).some((other) => other !== association && dataOf(other) === data);
  const specification = specificationOf(association);
  const without = (owner: ModdleElement, property: string): ModdleChange => ({
    target: owner,
    properties: { [property]: childrenOf(owner, property).filter((one) => one !== data) },
  });
  const removed =
    specification === undefined || isShared
      ? []
      : [
          ...setsWith(association, data).flatMap((set) =>
            [refs, 'optionalInputRefs', 'optionalOutputRefs']
              .filter((property) => childrenOf(set, property).includes(data))
              .map((property) => without(set, property)),
          ),
          without(specification, all),
        ];
  return [
    ...(isInput(association) ? toPlaceholder(association, create) : [without(association, 'sourceRef')]),
    ...removed,
  ];
}

/** An input must have a target, which bpmn-js and other modelers make up where it is only drawn. */
function toPlaceholder(association: ModdleElement, create: ModdleFactory): readonly ModdleChange[] {
  const activity = activityOf(association);
  const properties = childrenOf(activity, 'properties');
  const present = properties.find(({ name }) => name === placeholder);
  const target = present ?? create('bpmn:Property', { id: `${association.id}_target`, name: placeholder });
  target.$parent ??= activity;
  return [
    ...(present === undefined ? [{ target: activity, properties: { properties: [...properties, target] } }] : []),
    { target: association, properties: { targetRef: target } },
  ];
}

/** A specification has a set of each direction, even where it is empty. */
function emptySpecification(activity: ModdleElement, create: ModdleFactory): ModdleElement {
  const sets = { inputSets: [create('bpmn:InputSet')], outputSets: [create('bpmn:OutputSet')] };
  const specification = create('bpmn:InputOutputSpecification', sets);
  specification.$parent = activity;
  for (const set of [...sets.inputSets, ...sets.outputSets]) set.$parent = specification;
  return specification;
}

const keptOf = (association: ModdleElement) => kept[association.$type as keyof typeof kept];

function activityOf(association: ModdleElement): ModdleElement {
  if (association.$parent === undefined) throw new Error('Expected a data association to be of an activity.');
  return association.$parent;
}

function specificationOf(association: ModdleElement): ModdleElement | undefined {
  const specification = activityOf(association)['ioSpecification'];
  return isElement(specification) ? specification : undefined;
}

function setsWith(association: ModdleElement, data: ModdleElement): readonly ModdleElement[] {
  const { sets, refs } = keptOf(association);
  return childrenOf(specificationOf(association), sets).filter((set) => childrenOf(set, refs).includes(data));
}
