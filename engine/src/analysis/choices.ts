import type { Expression } from '../expression.js';
import type { FlowNode } from '../flow-node.js';
import type { Json } from '../json.js';
import type { ConditionName, TraceStep } from './trace.js';

/*
 * What data decides is chosen here: every expression asks whether the subject is in segments, whose names say what is chosen, and every
 * combination of answers is a way to go on.
 */

/** Combinations are tried in full up to this many conditions. */
const maxConditions = 6;
/** How often a multi-instance activity runs at most; more would bring nothing new but more of the same. */
const mostRuns = 2;

const made = new WeakSet<object>();
export const isChoice = (value: object): boolean => made.has(value);

/** Whether the flow is taken. */
export const takesFlow = (flowId: string, source: string): Expression => chosen([`flow ${flowId}`], isTrue, source);

export const holds = (condition: ConditionName): Expression => chosen([`condition ${condition}`], isTrue);

/** The list of those with which an ad-hoc subprocess begins. */
export const beginning = (activities: readonly string[]): Expression =>
  chosen(
    activities.map((id) => `activity ${id}`),
    (answers) => activities.filter((_, index) => answers[index]),
  );

/** How often a multi-instance activity runs: any number, or the one that the diagram says. */
export function runsOf(cardinality: Expression | null): Expression {
  const known = cardinality === null ? null : constantOf(cardinality);
  if (typeof known === 'number' && known >= 0) return chosen([], () => Math.min(known, mostRuns));
  const numbers = Array.from({ length: mostRuns + 1 }, (_, runs) => runs);
  return chosen(
    numbers.map((runs) => `runs ${runs}`),
    (answers) => answers.indexOf(true),
  );
}

/** The value of an expression that reads nothing; null: it reads something, or fails. */
export function constantOf({ reads, needs, evaluate }: Expression): Json {
  if (reads.length > 0 || needs.profile || needs.segments.length > 0) return null;
  const result = evaluate({ at: 0, seed: '', variables: {} });
  return result.ok ? result.value : null;
}

const isTrue = ([answer]: readonly boolean[]): boolean => answer === true;

function chosen(names: readonly string[], value: (answers: readonly boolean[]) => Json, source = ''): Expression {
  const expression: Expression = {
    source,
    needs: { profile: false, segments: names },
    reads: [],
    evaluate: ({ segments = {} }) => ({
      ok: true,
      value: value(names.map((name) => Object.hasOwn(segments, name) && segments[name] === true)),
    }),
  };
  made.add(expression);
  return expression;
}

export interface Way {
  readonly answer: Readonly<Record<string, boolean>>;
  readonly step: Omit<TraceStep, 'path'>;
  /** Whether the way was left open because there are too many combinations. */
  readonly partial: boolean;
}

/** All ways to answer a question that asks for these names at the element. */
export function waysToAnswer(names: readonly string[], node: FlowNode): readonly Way[] {
  const elementId = node.id;
  const of = (kind: string) =>
    names.flatMap((name) => (name.startsWith(`${kind} `) ? [name.slice(kind.length + 1)] : []));
  const flows = of('flow');
  const runs = of('runs');
  const conditions = of('condition');
  const way = (kind: string, chosen: readonly string[], step: Way['step'], partial = false): Way => {
    const yes = new Set(chosen.map((one) => `${kind} ${one}`));
    return { answer: Object.fromEntries(names.map((name) => [name, yes.has(name)])), step, partial };
  };
  if (runs.length > 0)
    return runs.map((number) => way('runs', [number], { action: 'repeat', elementId, runs: Number(number) }));
  if (conditions.length > 0)
    return combinations(conditions, true).map(({ some }) =>
      way('condition', some, { action: 'decide', elementId, conditions: some as readonly ConditionName[] }),
    );
  if (flows.length > 0) {
    const mayTakeNone = node.outgoing.length > flows.length;
    const ways =
      node.type === 'exclusive-gateway'
        ? [...flows.map((id) => [id]), ...(mayTakeNone ? [[]] : [])].map((some) => ({ some, partial: false }))
        : combinations(flows, mayTakeNone);
    return ways.map(({ some, partial }) => way('flow', some, { action: 'choose', elementId, flows: some }, partial));
  }
  return combinations(of('activity'), true).map(({ some, partial }) =>
    way('activity', some, { action: 'begin', elementId, activities: some }, partial),
  );
}

function combinations(
  all: readonly string[],
  none: boolean,
): readonly { readonly some: readonly string[]; readonly partial: boolean }[] {
  if (all.length > maxConditions)
    return [...all.map((one) => [one]), all, ...(none ? [[]] : [])].map((some) => ({ some, partial: true }));
  return Array.from({ length: 2 ** all.length }, (_, mask) => all.filter((_, index) => (mask >> index) % 2 === 1))
    .filter((some) => none || some.length > 0)
    .map((some) => ({ some, partial: false }));
}
