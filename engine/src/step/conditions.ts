import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import { asks } from '../expressions/needs.js';
import type { Token, Wait } from '../instance-state.js';
import { partsOf, triggerOf } from './await-trigger.js';
import { conditionOf, evaluateAgain } from './evaluate-condition.js';
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
      if (condition.reads.some((name) => changed.has(name))) evaluateAgain(step, token, wait);
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

/** Whether instances wait for conditions that read the user, so that somebody must tell them of changes. */
export const watchesUser = (definition: Definition): boolean => conditionsOf(definition).watches;

interface Conditions {
  /** The names that any condition of the definition reads while it waits, and that elements need to begin. */
  readonly names: ReadonlySet<string>;
  readonly watches: boolean;
}
const analyses = new WeakMap<Definition, Conditions>();

function conditionsOf(definition: Definition): Conditions {
  let analysis = analyses.get(definition);
  if (analysis === undefined) {
    const names = new Set<string>();
    let watches = false;
    for (const node of definition.nodes.values()) {
      for (const name of requiredIn(node)) names.add(name);
      const trigger = triggerOf(node);
      for (const [part] of trigger === null ? [] : partsOf(trigger))
        if (part.kind === 'conditional') {
          for (const name of part.condition.reads) names.add(name);
          watches ||= asks(part.condition.needs);
        }
    }
    analysis = { names, watches };
    analyses.set(definition, analysis);
  }
  return analysis;
}
