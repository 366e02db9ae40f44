import { advance } from '../advance.js';
import { createInstance } from '../create-instance.js';
import type { Definition } from '../definition.js';
import type { HistoryEvent } from '@xflow/schemas';
import type { Effect } from '../effect.js';
import type { Input } from '../input.js';
import type { InstanceState, Token } from '../instance-state.js';
import { abstractDefinition } from './abstract-definition.js';
import { waysToAnswer } from './choices.js';
import { type Happening, Happenings } from './happenings.js';
import { markingOf } from './marking.js';
import type { TraceStep } from './trace.js';

/** A state that was reached, and the shortest way to it. */
export interface Reached {
  readonly state: InstanceState;
  /** Keys of happenings that shall not be again while their waits stay. */
  readonly fired: ReadonlySet<string>;
  /** What open questions ask for, by id. */
  readonly asked: ReadonlyMap<string, readonly string[]>;
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

/** From more tokens on one place, a state is not followed. */
const maxTokensAPlace = 2;
/** Most tokens of all states that steps are tried from, each counted once a step: bounds time and memory where states are large. */
const maxEffort = 600_000;
/** Loops that do not come to rest are long to try. */
const maxRunaways = 20;

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

class Explorer {
  private readonly abstract: Definition;
  private readonly happenings: Happenings;
  private readonly byMarking = new Map<string, Reached>();
  private readonly states: Reached[] = [];
  private readonly entered = new Set<string>();
  private readonly limits = new Set<string>();
  private readonly runaways: { elementId: string; trace: readonly TraceStep[] }[] = [];
  private effort = 0;
  private runawaysSeen = 0;

  constructor(
    definition: Definition,
    private readonly maxStates: number,
  ) {
    this.abstract = abstractDefinition(definition);
    this.happenings = new Happenings(this.abstract, definition);
  }

  run(): Exploration {
    for (const start of this.starts()) this.take(null, start);
    // The list grows while it is walked.
    for (const reached of this.states) {
      if (reached.state.status !== 'active' || reached.crowded) continue;
      for (const happening of this.happeningsIn(reached)) {
        if (this.isEnough()) return this.result();
        this.take(reached, happening);
      }
    }
    return this.result();
  }

  private result(): Exploration {
    return { states: this.states, entered: this.entered, limits: [...this.limits], runaways: this.runaways };
  }

  private isEnough(): boolean {
    const { length } = this.states;
    if (length >= this.maxStates)
      this.limits.add(`The bound of ${this.maxStates} states was reached: what lies beyond was not visited.`);
    else if (this.effort > maxEffort)
      this.limits.add(
        `After ${length} states with very many tokens the search was given up: the others were not visited.`,
      );
    else if (this.runawaysSeen > maxRunaways)
      this.limits.add(
        `After ${length} states the search was given up, because too many of them lead into loops without a wait.`,
      );
    else return false;
    return true;
  }

  private *starts(): Iterable<Happening> {
    const { startEvents, root, key } = this.abstract;
    const starts = new Map<string, { readonly startEventId?: string; readonly startEventPart?: number }>();
    const { noneStarts } = root;
    if (noneStarts.length === 1 || root.implicitStarts.length > 0) starts.set('', {});
    for (const event of startEvents) {
      if (event.kind === 'none' && noneStarts.length === 1) continue;
      const part = 'part' in event ? { startEventPart: event.part } : {};
      starts.set(JSON.stringify([event.id, part]), { startEventId: event.id, ...part });
    }
    for (const start of starts.values()) {
      const elementId = start.startEventId ?? noneStarts[0]?.id ?? key;
      yield {
        input: { kind: 'start', at: 0, ...start } satisfies Input,
        step: { action: 'start', elementId },
        immediate: true,
        key: null,
      };
    }
  }

  private take(from: Reached | null, happening: Happening): void {
    const before = from?.state ?? createInstance({ instanceId: 'analysis', subjectId: 'analysis' });
    const { state: after, events, effects } = advance(this.abstract, before, happening.input);
    this.effort += after.tokens.length + 1;
    const step: TraceStep = { ...happening.step, path: this.pathOf(events) };
    // A step counts what it enters; here every choice would be one step with all before it.
    const state: InstanceState = { ...after, burst: 0 };
    // Nothing around it catches what is thrown here: such work throws nothing.
    if (state.incidents.some(({ type }) => type === 'uncaught-error') && happening.step.action === 'throw-error')
      return;
    if (state.incidents.length > 0) {
      this.stopAtIncident(state, [...(from === null ? [] : traceTo(from)), step]);
      return;
    }
    const fired = stillFired(state, from?.fired, happening.key);
    const marking = markingOf(state, fired);
    let reached = this.byMarking.get(marking);
    if (reached === undefined) {
      const multiplied = (from?.multiplied ?? false) || this.multiplies(happening, events);
      const crowded = this.isCrowded(state);
      const asked = stillAsked(state, from?.asked, effects);
      reached = { state, fired, asked, multiplied, from, step, next: [], crowded };
      this.byMarking.set(marking, reached);
      this.states.push(reached);
      if (crowded) this.limits.add(`States with more than ${maxTokensAPlace} tokens in one place were not followed.`);
    }
    from?.next.push({ to: reached, step, immediate: happening.immediate });
  }

  private pathOf(events: readonly HistoryEvent[]): readonly string[] {
    const path: string[] = [];
    for (const event of events) {
      if (event.kind === 'element-entered') {
        this.entered.add(event.elementId);
        path.push(event.elementId);
      }
      if (event.kind === 'flow-taken') path.push(event.flowId);
    }
    return path;
  }

  /** Whether an event that does not interrupt has made one more token: it happened, or was thrown to it. */
  private multiplies({ step }: Happening, events: readonly HistoryEvent[]): boolean {
    const thrown = events.flatMap((event) => (event.kind === 'escalation-thrown' ? [event.caughtBy] : []));
    return [step.elementId, ...thrown].some((id) => {
      const node = id === null ? undefined : this.abstract.nodes.get(id);
      const event = node?.type === 'event-subprocess' ? node.scope.triggeredStart : node;
      return event != null && 'interrupting' in event && !event.interrupting;
    });
  }

  private stopAtIncident({ incidents }: InstanceState, trace: readonly TraceStep[]): void {
    for (const { type, elementId } of incidents)
      if (type === 'bound-reached') {
        this.runawaysSeen += 1;
        if (!this.runaways.some((other) => other.elementId === elementId)) this.runaways.push({ elementId, trace });
      } else if (type !== 'no-flow-chosen')
        this.limits.add(`What comes of element "${elementId}" depends on data that the analysis does not have.`);
  }

  /** What can happen next. A choice comes before everything else, and one at a time: it is made within the step. */
  private happeningsIn({ state, fired, asked }: Reached): readonly Happening[] {
    for (const token of state.tokens)
      for (const wait of token.waits)
        if (wait.kind === 'question') return this.choices(token, wait.id, asked.get(wait.id) ?? []);
    const happenings = state.tokens.flatMap((token) => token.waits.flatMap((wait) => this.happenings.of(token, wait)));
    return [...happenings.filter(({ key }) => key === null || !fired.has(key)), ...this.happenings.activations(state)];
  }

  private choices({ elementId }: Token, questionId: string, names: readonly string[]): readonly Happening[] {
    const node = this.abstract.nodes.get(elementId);
    if (node === undefined) return [];
    return waysToAnswer(names, node).map(({ answer, step, partial }) => {
      if (partial)
        this.limits.add(`At element "${elementId}" not all combinations were tried: one at a time, all, and none.`);
      const repeats = step.conditions?.includes('repeat') === true;
      // A loop of its own is ended by its data, and may be meant to wait for nothing.
      return { input: { kind: 'answered', at: 0, questionId, answer }, step, immediate: !repeats, key: null };
    });
  }

  private isCrowded(state: InstanceState): boolean {
    for (const [first, ...others] of placesOf(state).values()) {
      const gathers = first === undefined ? 1 : (this.abstract.nodes.get(first.elementId)?.quantity?.start ?? 1);
      if (others.length >= maxTokensAPlace * gathers) return true;
    }
    return false;
  }
}

const nothing: ReadonlySet<string> = new Set();

function stillFired(state: InstanceState, before = nothing, key: string | null): ReadonlySet<string> {
  const keys = key === null ? [...before] : [...before, key];
  const open = keys.filter((one) => {
    const waitId = one.split(' ', 1)[0];
    return state.tokens.some(({ waits }) => waits.some(({ id }) => id === waitId));
  });
  return open.length === 0 ? nothing : new Set(open);
}

function stillAsked(
  state: InstanceState,
  before: ReadonlyMap<string, readonly string[]> = new Map(),
  effects: readonly Effect[],
): ReadonlyMap<string, readonly string[]> {
  const asked = effects.flatMap((effect): [string, readonly string[]][] =>
    effect.kind === 'ask' && effect.question.kind === 'segments' ? [[effect.questionId, effect.question.segments]] : [],
  );
  if (asked.length === 0 && before.size === 0) return before;
  const open = new Set(state.tokens.flatMap((token) => token.waits.map(({ id }) => id)));
  return new Map([...before, ...asked].filter(([id]) => open.has(id)));
}

/** Tokens in the same place: of one scope on one element, and at a join on one flow. */
export function placesOf({ tokens }: InstanceState): ReadonlyMap<string, readonly Token[]> {
  const places = new Map<string, Token[]>();
  for (const token of tokens) {
    if (token.phase === 'listening') continue;
    const join = token.waits.some(({ kind }) => kind === 'join') ? token.arrivedBy : null;
    const place = `${token.scopeId} ${token.elementId} ${join ?? ''}`;
    const there = places.get(place);
    if (there === undefined) places.set(place, [token]);
    else there.push(token);
  }
  return places;
}
