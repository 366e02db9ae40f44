import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { Input } from '../input.js';
import type { InstanceState, Token, Wait } from '../instance-state.js';
import { partsOf, triggerOf } from '../step/await-trigger.js';
import { goesOnByItself } from './abstract-definition.js';
import { codesAround } from './codes-around.js';
import type { TraceStep } from './trace.js';

/** Something that can happen in a state. */
export interface Happening {
  readonly input: Input;
  readonly step: Omit<TraceStep, 'path'>;
  /** Whether nothing is waited for: a choice, or work that goes on by itself. */
  readonly immediate: boolean;
  /** What it is, so that it happens once while its wait stays: the id of the wait, and a code where it has one. Null: it may happen again. */
  readonly key: string | null;
}

/** What can happen to the waits of a state, as far as `definition` has it; `original` is the same with its data. */
export class Happenings {
  constructor(
    private readonly definition: Definition,
    private readonly original: Definition,
  ) {}

  /** What a wait waits for; empty: it is ended by something inside of the instance. */
  of(token: Token, wait: Wait): readonly Happening[] {
    const { id: waitId, elementId } = wait;
    const happening = (input: Input, step: Happening['step'], immediate = false, key = waitId): Happening => ({
      input,
      step,
      immediate,
      key,
    });
    switch (wait.kind) {
      case 'timer':
        return wait.count > 1
          ? []
          : [happening({ kind: 'timer-due', at: 0, timerId: waitId }, { action: 'timer', elementId })];
      case 'message': {
        const action = this.isCondition(wait) ? 'condition' : 'message';
        return [happening({ kind: 'message', at: 0, subscriptionId: waitId }, { action, elementId })];
      }
      case 'signal':
        return [happening({ kind: 'signal', at: 0, subscriptionId: waitId }, { action: 'signal', elementId })];
      case 'task': {
        const node = this.original.nodes.get(token.elementId);
        const immediate = node !== undefined && goesOnByItself(node);
        return [
          happening({ kind: 'task-completed', at: 0, taskId: waitId }, { action: 'complete', elementId }, immediate),
          ...this.codes(token, 'error').map((code) =>
            happening(
              { kind: 'task-threw-error', at: 0, taskId: waitId, code },
              { action: 'throw-error', elementId, errorCode: code },
            ),
          ),
        ];
      }
      case 'call':
        return [
          happening(
            { kind: 'call-ended', at: 0, callId: waitId, outcome: 'completed' },
            { action: 'complete', elementId },
          ),
          ...this.codes(token, 'error').map((code) =>
            happening(
              { kind: 'call-ended', at: 0, callId: waitId, outcome: 'error', error: { code } },
              { action: 'throw-error', elementId, errorCode: code },
            ),
          ),
          ...this.codes(token, 'escalation').map((code) =>
            happening(
              { kind: 'call-escalated', at: 0, callId: waitId, code },
              { action: 'escalate', elementId, escalationCode: code },
              false,
              `${waitId} ${code}`,
            ),
          ),
        ];
      default:
        return [];
    }
  }

  /** Activities of open ad-hoc subprocesses that can be asked for: one at a time of those that lead to each other, because doing more of the same brings nothing new. */
  activations({ tokens }: InstanceState): readonly Happening[] {
    return tokens.flatMap((token) => {
      const node = this.definition.nodes.get(token.elementId);
      const open = token.waits.find(({ kind }) => kind === 'children');
      if (node?.type !== 'ad-hoc-subprocess' || open === undefined) return [];
      if (token.phase !== 'entered' || token.result !== null) return [];
      const inside = tokens.filter(({ scopeId }) => scopeId === open.id);
      if (node.sequential && inside.length > 0) return [];
      // One that waits at a join is where it came from: others shall come to it.
      const busy = new Set(
        inside.map(({ elementId, arrivedBy, waits }) => {
          const joined = waits.some(({ kind }) => kind === 'join') && arrivedBy !== null;
          return (joined ? this.definition.flows.get(arrivedBy)?.source.id : undefined) ?? elementId;
        }),
      );
      return node.scope.implicitStarts
        .filter((activity) => ![...reachableFrom(activity)].some(({ id }) => busy.has(id)))
        .map(({ id }) => ({
          input: { kind: 'activate', at: 0, elementId: id },
          step: { action: 'activate', elementId: id },
          immediate: false,
          key: null,
        }));
    });
  }

  private codes({ elementId }: Token, kind: 'error' | 'escalation'): readonly string[] {
    const node = this.definition.nodes.get(elementId);
    return node === undefined ? [] : codesAround(this.definition, node, kind);
  }

  /** Whether it is a condition that becomes true, which is a message here. */
  private isCondition({ elementId, part = 0 }: Extract<Wait, { kind: 'message' }>): boolean {
    const node = this.original.nodes.get(elementId);
    const trigger = node && triggerOf(node);
    return trigger != null && partsOf(trigger)[part]?.[0].kind === 'conditional';
  }
}

/** The node, and all that sequence flows and boundary events lead to from it. */
function reachableFrom(start: FlowNode): ReadonlySet<FlowNode> {
  const reached = new Set([start]);
  for (const { outgoing, boundaryEvents } of reached) {
    for (const { target } of outgoing) reached.add(target);
    for (const boundary of boundaryEvents) reached.add(boundary);
  }
  return reached;
}
