import { advance } from '../advance.js';
import { createInstance } from '../create-instance.js';
import type { Definition, FlowNode } from '../definition.js';
import type { Input } from '../input.js';
import type { InstanceState, Token, Wait } from '../instance-state.js';
import { abstractDefinition, errorCodesAround, goesOnByItself } from './abstract-definition.js';
import { markingOf } from './marking.js';
import type { TraceStep } from './trace.js';

/** A state that was reached, and the shortest way to it. */
export interface Reached {
  readonly state: InstanceState;
  /** Ids of waits for non-interrupting events that have happened. */
  readonly fired: ReadonlySet<string>;
  /** Whether a non-interrupting event has made further tokens on the way. */
  readonly multiplied: boolean;
  /** Null: the first of all. */
  readonly from: Reached | null;
  readonly step: TraceStep;
  readonly next: Edge[];
  /** Whether so many tokens are in one place that the state is not followed. */
  readonly crowded: boolean;
}

export interface Edge {
  readonly to: Reached;
  readonly step: TraceStep;
  /** Whether nothing was waited for: a choice, or work that goes on by itself. */
  readonly immediate: boolean;
}

export interface Exploration {
  readonly states: readonly Reached[];
  readonly entered: ReadonlySet<string>;
  /** What was left out, as whole sentences; none: every state was visited. */
  readonly limits: readonly string[];
  /** Loops that do not come to rest: where the engine stopped them, and the way there. */
  readonly runaways: readonly { readonly elementId: string; readonly trace: readonly TraceStep[] }[];
}

/** Choices of a splitting gateway or activity are tried in all combinations up to this many conditions. */
const maxConditions = 6;
/** From more tokens on one place, a state is not followed. */
const maxTokensAPlace = 2;

/** Visits the states of a process breadth first, with `advance` itself, over the definition without data. */
export function explore(definition: Definition, maxStates: number): Exploration {
  return new Explorer(definition, maxStates).run();
}

/** The way to a state from the beginning. */
export function traceTo(reached: Reached): readonly TraceStep[] {
  const steps: TraceStep[] = [];
  for (let at: Reached | null = reached; at !== null; at = at.from) steps.push(at.step);
  return steps.reverse();
}

interface Option {
  readonly input: Input;
  readonly step: Omit<TraceStep, 'path'>;
  readonly immediate: boolean;
  readonly waitId: string | null;
}

class Explorer {
  private readonly abstract: Definition;
  private readonly byMarking = new Map<string, Reached>();
  private readonly states: Reached[] = [];
  private readonly entered = new Set<string>();
  private readonly limits = new Set<string>();
  private readonly runaways: { elementId: string; trace: readonly TraceStep[] }[] = [];

  constructor(
    private readonly definition: Definition,
    private readonly maxStates: number,
  ) {
    this.abstract = abstractDefinition(definition);
  }

  run(): Exploration {
    const { startEvents, key } = this.abstract;
    const fresh = createInstance({ instanceId: 'analysis', subjectId: 'analysis' });
    const hasPlainStart = this.abstract.root.noneStart !== null || this.abstract.root.implicitStarts.length > 0;
    const starts = new Map<string, { readonly startEventId?: string; readonly startEventPart?: number }>();
    if (hasPlainStart) starts.set('', {});
    for (const event of startEvents) {
      if (event.kind === 'none') continue;
      const part = 'part' in event ? { startEventPart: event.part } : {};
      starts.set(JSON.stringify([event.id, part]), { startEventId: event.id, ...part });
    }
    for (const start of starts.values()) {
      const input: Input = { kind: 'start', at: 0, ...start };
      const elementId = start.startEventId ?? this.abstract.root.noneStart?.id ?? key;
      this.take(fresh, null, new Set(), { input, step: { action: 'start', elementId }, immediate: true, waitId: null });
    }
    // The list grows while it is walked.
    for (const reached of this.states) {
      if (reached.state.status !== 'active' || reached.crowded) continue;
      for (const option of this.optionsIn(reached)) {
        if (this.states.length >= this.maxStates) {
          this.limits.add(`The bound of ${this.maxStates} states was reached: what lies beyond was not visited.`);
          return this.result();
        }
        this.take(reached.state, reached, reached.fired, option);
      }
    }
    return this.result();
  }

  private result(): Exploration {
    return { states: this.states, entered: this.entered, limits: [...this.limits], runaways: this.runaways };
  }

  private take(before: InstanceState, from: Reached | null, firedBefore: ReadonlySet<string>, option: Option): void {
    const { state: after, events } = advance(this.abstract, before, option.input);
    const path: string[] = [];
    for (const event of events) {
      if (event.kind === 'element-entered') {
        this.entered.add(event.elementId);
        path.push(event.elementId);
      }
      if (event.kind === 'flow-taken') path.push(event.flowId);
    }
    const step: TraceStep = { ...option.step, path };
    // A step counts what it enters; here every choice would be one step with all before it.
    const state: InstanceState = { ...after, burst: 0 };
    if (state.incidents.length > 0) {
      this.stopAtIncident(state, [...(from === null ? [] : traceTo(from)), step]);
      return;
    }
    const stillThere =
      option.waitId !== null && state.tokens.some(({ waits }) => waits.some(({ id }) => id === option.waitId));
    const happened = this.abstract.nodes.get(option.step.elementId);
    const multiplies = happened !== undefined && 'interrupting' in happened && !happened.interrupting;
    const fired = stillThere ? new Set([...firedBefore, option.waitId!]) : firedBefore;
    const marking = markingOf(state, fired);
    let reached = this.byMarking.get(marking);
    if (reached === undefined) {
      const multiplied = (from?.multiplied ?? false) || multiplies;
      const crowded = isCrowded(state);
      reached = { state, fired, multiplied, from, step, next: [], crowded };
      this.byMarking.set(marking, reached);
      this.states.push(reached);
      if (crowded) this.limits.add(`States with more than ${maxTokensAPlace} tokens in one place were not followed.`);
    }
    from?.next.push({ to: reached, step, immediate: option.immediate });
  }

  private stopAtIncident({ incidents }: InstanceState, trace: readonly TraceStep[]): void {
    for (const { type, elementId } of incidents)
      if (type === 'bound-reached') {
        if (!this.runaways.some((other) => other.elementId === elementId)) this.runaways.push({ elementId, trace });
      } else if (type !== 'no-flow-chosen')
        this.limits.add(`What comes of element "${elementId}" depends on data that the analysis does not have.`);
  }

  /** What can happen next. A choice comes before everything else, and one at a time: it is made within the step. */
  private optionsIn({ state, fired }: Reached): readonly Option[] {
    for (const token of state.tokens)
      for (const wait of token.waits) if (wait.kind === 'question') return this.choices(token, wait);
    return state.tokens.flatMap((token) =>
      token.waits.flatMap((wait) => (fired.has(wait.id) ? [] : this.happenings(token, wait))),
    );
  }

  private happenings(token: Token, wait: Wait): readonly Option[] {
    const { id: waitId, elementId } = wait;
    const option = (input: Input, step: Option['step'], immediate = false): Option => ({
      input,
      step,
      immediate,
      waitId,
    });
    switch (wait.kind) {
      case 'timer':
        // A cycle goes on as it began.
        if (wait.count > 1) return [];
        return [option({ kind: 'timer-due', at: 0, timerId: waitId }, { action: 'timer', elementId })];
      case 'message':
        return [option({ kind: 'message', at: 0, subscriptionId: waitId }, { action: 'message', elementId })];
      case 'signal':
        return [option({ kind: 'signal', at: 0, subscriptionId: waitId }, { action: 'signal', elementId })];
      case 'task': {
        const original = this.definition.nodes.get(token.elementId);
        const immediate = original !== undefined && goesOnByItself(original);
        const done = option(
          { kind: 'task-completed', at: 0, taskId: waitId },
          { action: 'complete', elementId },
          immediate,
        );
        if (original === undefined) return [done];
        const thrown = errorCodesAround(this.abstract, original).map((code) =>
          option(
            { kind: 'task-threw-error', at: 0, taskId: waitId, code },
            { action: 'throw-error', elementId, errorCode: code },
          ),
        );
        return [done, ...thrown];
      }
      case 'join':
      case 'children':
        return [];
      default:
        this.limits.add(`What element "${elementId}" waits for was not made to happen.`);
        return [];
    }
  }

  private choices({ elementId }: Token, { id: questionId }: Wait): readonly Option[] {
    const node = this.abstract.nodes.get(elementId);
    if (node === undefined) return [];
    return this.flowsToChoose(node).map((flows) => ({
      input: {
        kind: 'answered',
        at: 0,
        questionId,
        answer: Object.fromEntries(node.outgoing.map(({ id }) => [id, flows.includes(id)])),
      },
      step: { action: 'choose', elementId, flows },
      immediate: true,
      waitId: null,
    }));
  }

  private flowsToChoose({ id: elementId, type, outgoing }: FlowNode): readonly (readonly string[])[] {
    const conditional = outgoing.filter(({ condition }) => condition !== null).map(({ id }) => id);
    const noneIsAWay = conditional.length < outgoing.length;
    const none = noneIsAWay ? [[]] : [];
    const single = conditional.map((id) => [id]);
    if (type === 'exclusive-gateway') return [...single, ...none];
    if (conditional.length > maxConditions) {
      this.limits.add(`Of the choices at element "${elementId}" only one flow at a time, all, and none were tried.`);
      return [...single, conditional, ...none];
    }
    const subsets = Array.from({ length: 2 ** conditional.length }, (_, mask) =>
      conditional.filter((_, index) => (mask >> index) % 2 === 1),
    );
    return noneIsAWay ? subsets : subsets.slice(1);
  }
}

/** Tokens in the same place: of one scope on one element, and at a join on one flow. */
export function placesOf({ tokens }: InstanceState): ReadonlyMap<string, readonly Token[]> {
  const places = new Map<string, Token[]>();
  for (const token of tokens) {
    if (token.phase === 'listening') continue;
    const join = token.waits.some(({ kind }) => kind === 'join') ? token.arrivedBy : null;
    const place = JSON.stringify([token.scopeId, token.elementId, join]);
    places.set(place, [...(places.get(place) ?? []), token]);
  }
  return places;
}

function isCrowded(state: InstanceState): boolean {
  return [...placesOf(state).values()].some(({ length }) => length > maxTokensAPlace);
}
