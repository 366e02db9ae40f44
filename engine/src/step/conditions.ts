import type { ConditionalTrigger, Definition, FlowNode } from '../definition.js';
import type { ConditionWait, Token, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { partsOf, triggerOf } from './await-trigger.js';
import { raiseIncident } from './raise-incident.js';
import { resume } from './resume.js';
import type { Step } from './step.js';

/**
 * Lets conditions happen that have become true, one at a time, before the next token moves (BPMN 2.0.2, 10.5.5). Only conditions that
 * read a variable that was set are evaluated. False: there is none.
 */
export function fireCondition(step: Step): boolean {
  if (step.changedVariables.length > 0) evaluateConditions(step, step.changedVariables.splice(0));
  for (let id = step.metConditions.shift(); id !== undefined; id = step.metConditions.shift()) {
    const found = step.findWait(id);
    if (found === null) continue;
    step.events.push({ kind: 'condition-met', elementId: found.wait.elementId });
    const token = step.touch(found.token);
    resume(step, token, step.node(token.elementId), found.wait, { kind: 'condition-met' });
    return true;
  }
  return false;
}

function evaluateConditions(step: Step, set: readonly string[]): void {
  const { names } = conditionsOf(step.definition);
  const changed = new Set(set.filter((name) => names.has(name)));
  if (changed.size === 0) return;
  for (const token of [...step.tokens])
    for (const wait of token.waits) {
      if (wait.kind === 'data') {
        askForDataAgain(step, token, wait, changed);
        continue;
      }
      if (wait.kind !== 'condition') continue;
      const { condition } = conditionOf(step, wait);
      if (condition.reads.some((name) => changed.has(name))) evaluate(step, token, wait);
    }
}

/** Something that the element needs to begin has been set: it looks again, and waits again where that is not enough. */
function askForDataAgain(step: Step, token: Token, wait: Wait, changed: ReadonlySet<string>): void {
  const node = step.node(token.elementId);
  if (!requiredIn(node).some((name) => changed.has(name))) return;
  const own = step.touch(token);
  step.dropWait(own, wait);
  step.enqueue(own, node);
}

const requiredIn = ({ data }: FlowNode): readonly string[] =>
  data === null ? [] : data.required.flatMap((set) => set.flatMap(({ value }) => value.reads));

function evaluate(step: Step, token: Token, wait: ConditionWait): void {
  const { at } = step;
  const { seed } = step.before;
  const result = conditionOf(step, wait).condition.evaluate({ at, seed, variables: step.variablesIn(token.scopeId) });
  if (!result.ok) {
    const node = step.node(wait.elementId);
    if (!token.waits.some(({ kind, elementId }) => kind === 'incident' && elementId === node.id))
      raiseIncident(step, step.touch(token), node, 'expression-failed', result);
    return;
  }
  const met = result.value === true;
  if (met === wait.met) return;
  const own = step.touch(token);
  step.dropWait(own, wait);
  step.addWait(own, { ...wait, met });
  if (met) step.metConditions.push(wait.id);
}

function conditionOf(step: Step, wait: ConditionWait): ConditionalTrigger {
  const trigger = triggerOf(step.node(wait.elementId));
  const part = trigger && partsOf(trigger)[wait.part ?? 0]?.[0];
  invariant(part?.kind === 'conditional', `Expected a condition at ${wait.elementId}.`);
  return part;
}

/** The names that any condition of the definition reads while it waits, and that elements need to begin. */
const analyses = new WeakMap<Definition, { readonly names: ReadonlySet<string> }>();

function conditionsOf(definition: Definition): { readonly names: ReadonlySet<string> } {
  let analysis = analyses.get(definition);
  if (analysis === undefined) {
    const names = new Set<string>();
    for (const node of definition.nodes.values()) {
      for (const name of requiredIn(node)) names.add(name);
      const trigger = triggerOf(node);
      for (const [part] of trigger === null ? [] : partsOf(trigger))
        if (part.kind === 'conditional') for (const name of part.condition.reads) names.add(name);
    }
    analysis = { names };
    analyses.set(definition, analysis);
  }
  return analysis;
}
