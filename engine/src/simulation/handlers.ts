import type { Json, Variables } from '../json.js';
import { type Decision, type DecisionOutcome, evaluateDecision } from '../dmn/decision.js';
import type { DecisionQuestion, ProfileAnswer, TaskAnswer, TaskQuestion } from '../question.js';
import type { UserChange } from '../user-change.js';
import type { Population } from './population.js';

/** What comes of one piece of work in a simulation. */
export type HandlerOutcome =
  /** `changes` count for task types that answer within the step; a job changes nothing about the user. */
  | { readonly result?: Json; readonly changes?: readonly UserChange[] }
  | { readonly error: { readonly code: string; readonly message?: string } }
  /** Retries used up; a whole sentence. */
  | { readonly failure: string };

export interface HandlerCall {
  readonly type: string;
  readonly elementId: string;
  readonly elementName: string | null;
  /** The configuration of the task after evaluation; of a diagram of another engine its task headers. */
  readonly config: Variables;
  /** The same as `config`, under the name that other engines give it. */
  readonly headers: Variables;
  readonly input: Variables;
  readonly user: ProfileAnswer;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The outcome of every call, of the calls one after the other (the last one also of all further calls), or a function. */
export type SimulatedHandler = HandlerOutcome | readonly HandlerOutcome[] | ((call: HandlerCall) => HandlerOutcome);

/** The work of a simulation: what was given for a task type, else what a runner with no world around it would do. */
export class Handlers {
  private readonly given: ReadonlyMap<string, SimulatedHandler>;
  private readonly calls = new Map<string, number>();

  constructor(
    handlers: Readonly<Record<string, SimulatedHandler>>,
    private readonly population: Population,
    private readonly decisions: readonly Decision[] = [],
  ) {
    this.given = new Map(Object.entries(handlers));
  }

  decide({ decision: id, variables }: DecisionQuestion, at: number): DecisionOutcome {
    const decision = this.decisions.find((known) => known.id === id);
    if (decision) return evaluateDecision(decision, { at, variables });
    return {
      ok: false,
      reason: `The simulation has no decision "${id}".`,
      remedy: 'Give it the decisions of the DMN file, in decisions.',
    };
  }

  /** The outcome of a job; null: nobody does it, it stays open until someone completes it. */
  job(call: HandlerCall): HandlerOutcome | null {
    return this.fromGiven(call) ?? (call.type.startsWith('send-') ? { result: { sent: true } } : null);
  }

  answer(
    { type, config, input }: TaskQuestion,
    element: { readonly id: string; readonly name: string | null },
    subjectId: string,
    at: number,
  ): TaskAnswer | { readonly failure: string } {
    const user = this.population.profile(subjectId);
    const place = { elementId: element.id, elementName: element.name };
    const outcome = this.fromGiven({ type, ...place, config, headers: config, input, user, at });
    if (outcome !== null) {
      if ('failure' in outcome) return outcome;
      if ('error' in outcome)
        return { failure: `Task type "${type}" answers within the step, and cannot throw a BPMN error.` };
      return { result: outcome.result ?? null, ...(outcome.changes ? { changes: outcome.changes } : {}) };
    }
    return this.shipped(type, config, user);
  }

  private fromGiven(call: HandlerCall): HandlerOutcome | null {
    const handler = this.given.get(call.type);
    if (handler === undefined) return null;
    if (typeof handler === 'function') return handler(call);
    if (!isList(handler)) return handler;
    const number = this.calls.get(call.type) ?? 0;
    this.calls.set(call.type, number + 1);
    return handler[Math.min(number, handler.length - 1)] ?? null;
  }

  private shipped(type: string, config: Variables, user: ProfileAnswer): TaskAnswer | { readonly failure: string } {
    switch (type) {
      case 'segment-check':
        return { result: this.population.isIn(user.id, String(config['segment'])) };
      case 'tier-upgrade':
        return { result: { tier: user.tier, previousTier: user.tier, upgraded: false, rewards: [] } };
      case 'update-profile': {
        const set = (config['set'] ?? {}) as Variables;
        return { result: null, changes: [{ kind: 'attributes', set }] };
      }
      case 'tag': {
        const add = (config['add'] ?? []) as readonly string[];
        const remove = (config['remove'] ?? []) as readonly string[];
        return { result: null, changes: [{ kind: 'tag', add, remove }] };
      }
      default:
        return { failure: `The simulation has no handler for task type "${type}". Give it one in handlers.` };
    }
  }
}

function isList(handler: HandlerOutcome | readonly HandlerOutcome[]): handler is readonly HandlerOutcome[] {
  return Array.isArray(handler);
}
