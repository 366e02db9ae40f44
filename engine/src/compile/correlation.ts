import type { EvaluationContext, EvaluationResult, Expression } from '../expression.js';
import { mergeNeeds } from '../expressions/needs.js';
import type { Json } from '../json.js';
import { type BpmnElement, elementOf, elementsOf, isA, textOf } from './bpmn-element.js';
import type { Reader } from './reader.js';

/** Texts of expressions by correlation property. */
type Paths = ReadonlyMap<BpmnElement, string>;

/** What a file says of the correlation of its messages (BPMN 2.0.2, 8.3.2). */
interface Correlations {
  /** By message: how each property of its correlation key is read from it, in the order of the key. */
  readonly retrievals: ReadonlyMap<BpmnElement, { readonly key: BpmnElement; readonly paths: Paths }>;
  /** By process and correlation key: what the process is waiting for. */
  readonly bindings: ReadonlyMap<BpmnElement, ReadonlyMap<BpmnElement, Paths>>;
}

/**
 * The correlation key that the file's correlation properties give a message, thrown or awaited by the element. A thrown message carries the
 * variables, so its retrieval expressions read those; who waits says by the bindings of its process' correlation subscription for which
 * values, and without one by the retrieval expressions: what earlier messages carried is among its variables. Null: the message has none, or
 * it starts a process, whose user is named by the key.
 */
export function readCorrelation(element: BpmnElement, message: BpmnElement, reader: Reader): Expression | null {
  let process: BpmnElement | null = null;
  let root = element;
  for (; root.$parent; root = root.$parent) if (root.$type === 'bpmn:Process') process = root;
  let correlations = correlationsOf.get(root);
  if (correlations === undefined) correlationsOf.set(root, (correlations = readCorrelations(root)));
  const retrieval = correlations.retrievals.get(message);
  if (retrieval === undefined) return null;
  const { key, paths } = retrieval;
  const bound = awaits(element) && process ? correlations.bindings.get(process)?.get(key) : undefined;
  const parts = [...paths].map(([property, path]) =>
    reader.expression(
      element,
      `the correlation property ${textOf(property, 'name') ?? textOf(property, 'id') ?? ''}`,
      bound?.get(property) ?? path,
    ),
  );
  return parts.length === 1 ? parts[0]! : joined(parts);
}

const correlationsOf = new WeakMap<BpmnElement, Correlations>();

const awaits = (element: BpmnElement): boolean => isA(element, 'bpmn:CatchEvent') || isA(element, 'bpmn:ReceiveTask');

/** The values as a JSON array of texts, so that no two lists of values give the same key. */
function joined(parts: readonly Expression[]): Expression {
  const evaluate = (context: EvaluationContext): EvaluationResult => {
    const values: Json[] = [];
    for (const part of parts) {
      const result = part.evaluate(context);
      if (!result.ok) return result;
      values.push(result.value);
    }
    // A list is no correlation key: the incident shows which value is none.
    return { ok: true, value: values.every(isKey) ? JSON.stringify(values.map(String)) : values };
  };
  return Object.freeze({
    source: parts.map(({ source }) => source).join(', '),
    needs: mergeNeeds(parts),
    reads: Object.freeze([...new Set(parts.flatMap(({ reads }) => reads))]),
    evaluate,
  });
}

const isKey = (value: Json): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';

function readCorrelations(definitions: BpmnElement): Correlations {
  const roots = elementsOf(definitions, 'rootElements');
  const processes = roots.filter(({ $type }) => $type === 'bpmn:Process');
  const byProperty = new Map(
    roots
      .filter(({ $type }) => $type === 'bpmn:CorrelationProperty')
      .map((property) => [
        property,
        pathsOf(elementsOf(property, 'correlationPropertyRetrievalExpression'), 'messageRef', 'messagePath'),
      ]),
  );
  const starting = new Set(processes.flatMap(startingMessages));
  const retrievals = new Map<BpmnElement, { key: BpmnElement; paths: Paths }>();
  for (const key of roots.filter((root) => isA(root, 'bpmn:Collaboration')).flatMap(keysOf)) {
    const properties = elementsOf(key, 'correlationPropertyRef');
    const [first] = properties;
    for (const message of (first && byProperty.get(first)?.keys()) ?? []) {
      if (starting.has(message) || retrievals.has(message)) continue;
      const paths = new Map(
        properties.flatMap((property) => {
          const path = byProperty.get(property)?.get(message);
          return path === undefined ? [] : [[property, path] as const];
        }),
      );
      if (paths.size === new Set(properties).size) retrievals.set(message, { key, paths });
    }
  }
  const bindings = new Map(
    processes.map((process) => [
      process,
      pairs(elementsOf(process, 'correlationSubscriptions'), 'correlationKeyRef', (subscription) =>
        pathsOf(elementsOf(subscription, 'correlationPropertyBinding'), 'correlationPropertyRef', 'dataPath'),
      ),
    ]),
  );
  return { retrievals, bindings };
}

const keysOf = (collaboration: BpmnElement): readonly BpmnElement[] =>
  [collaboration, ...elementsOf(collaboration, 'conversations')].flatMap((one) => elementsOf(one, 'correlationKeys'));

const pathsOf = (elements: readonly BpmnElement[], reference: string, path: string): Paths =>
  pairs(elements, reference, (element) => {
    const expression = elementOf(element, path);
    return expression && textOf(expression, 'body');
  });

/** Values by what the elements refer to; the first one of each counts. */
function pairs<T>(
  elements: readonly BpmnElement[],
  reference: string,
  valueOf: (element: BpmnElement) => T | null,
): Map<BpmnElement, T> {
  const found = new Map<BpmnElement, T>();
  for (const element of elements) {
    const referred = elementOf(element, reference);
    const value = valueOf(element);
    if (referred && value !== null && !found.has(referred)) found.set(referred, value);
  }
  return found;
}

/** Messages that start instances of a process: by its start events, its receive tasks, or what an event-based gateway begins with. */
function startingMessages(process: BpmnElement): BpmnElement[] {
  return elementsOf(process, 'flowElements').flatMap((element) => {
    const source = isA(element, 'bpmn:SequenceFlow') ? elementOf(element, 'sourceRef') : null;
    const starter = source?.get?.('instantiate') === true ? elementOf(element, 'targetRef') : element;
    if (!starter || !(source || starter.$type === 'bpmn:StartEvent' || starter.get?.('instantiate') === true))
      return [];
    const definitions = [...elementsOf(starter, 'eventDefinitions'), ...elementsOf(starter, 'eventDefinitionRef')];
    return [starter, ...definitions].flatMap((referrer) => elementOf(referrer, 'messageRef') ?? []);
  });
}
