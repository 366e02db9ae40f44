import { feelFunction } from '../expressions/compile-feel.js';
import { feelToJson } from '../expressions/feel-to-json.js';
import type { Variables } from '../json.js';
import type { DecisionContext, DecisionOutcome, MatchedRules } from './decision.js';
import { type Evaluation, type Logic, withNames } from './evaluation.js';
import { inOrder } from './requirements.js';
import { typedValue } from './typed-value.js';

/** Work that a decision and all that it requires may do together: tables have thousands of cells. Less than half a second. */
const maxWork = 2_000_000;

/** A decision and what it requires; the graph has no cycles. */
export interface DecisionNode {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  /** Names under which decisions that require it read its value. */
  readonly names: readonly string[];
  readonly requires: readonly DecisionNode[];
  readonly inputs: readonly InputNode[];
  readonly models: readonly ModelNode[];
  readonly logic: Logic;
}

export interface InputNode {
  readonly name: string;
  /** A built-in type, or null. */
  readonly typeRef: string | null;
}

/** A business knowledge model: `logic` gives a function. */
export interface ModelNode {
  readonly name: string;
  readonly models: readonly ModelNode[];
  readonly logic: Logic;
}

/** Names of the input data of the decision and of all that it requires. */
export function inputsOf(node: DecisionNode): readonly string[] {
  return [...new Set(inOrder(node).flatMap(({ inputs }) => inputs.map(({ name }) => name)))];
}

/** Evaluates what is required first, each once. */
export function evaluateNode(last: DecisionNode, { at, variables }: DecisionContext): DecisionOutcome {
  const matched: MatchedRules[] = [];
  const values = new Map<DecisionNode, unknown>();
  const meter = { work: 0, limit: maxWork };
  let node = last;
  try {
    for (node of inOrder(last)) {
      const outer: Evaluation = { at, meter, matched, valueOf: (name) => ownValue(variables, name) };
      values.set(node, node.logic(withNames(outer, namesFor(node, values, variables, outer))));
    }
    return { ok: true, value: feelToJson(values.get(last)), matched };
  } catch (error) {
    const reason =
      error instanceof RangeError
        ? 'It calls itself too deeply.'
        : error instanceof Error
          ? error.message
          : String(error);
    return {
      ok: false,
      reason: `The ${node.label} could not be evaluated. ${reason}`,
      remedy: 'Correct the variables that go into the decision, or the decision.',
    };
  }
}

/** What the logic of a decision reads by name, beside the variables. */
function namesFor(
  { requires, inputs, models }: DecisionNode,
  values: ReadonlyMap<DecisionNode, unknown>,
  variables: Variables,
  outer: Evaluation,
): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...requires.flatMap((required) => required.names.map((name) => [name, values.get(required)] as const)),
    ...inputs.map(
      ({ name, typeRef }) => [name, typedValue(ownValue(variables, name), typeRef, `The input ${name}`)] as const,
    ),
    ...models.map((model) => [model.name, modelFunction(model, outer)] as const),
  ]);
}

/** A model sees its parameters, and the models it requires. They are made when it is called. */
function modelFunction(model: ModelNode, outer: Evaluation): unknown {
  const inside: Evaluation = {
    ...outer,
    valueOf: (name) => {
      const required = model.models.find((other) => other.name === name);
      return required ? modelFunction(required, outer) : null;
    },
  };
  const made = model.logic(inside);
  return typeof made === 'function' ? made : feelFunction(() => made);
}

function ownValue(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : null;
}
