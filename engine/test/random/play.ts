import { advance, type Advanced } from '../../src/advance.js';
import { createInstance } from '../../src/create-instance.js';
import type { Definition } from '../../src/definition.js';
import type { Effect } from '../../src/effect.js';
import type { ElementPair, Input, Modification } from '../../src/input.js';
import type { InstanceState } from '../../src/instance-state.js';
import type { Json } from '../../src/json.js';
import type { Question } from '../../src/question.js';
import { stateFromJson, stateToJson, type StoredState } from '../../src/state-json.js';
import { checkMigration } from '../../src/step/check-migration.js';
import { checkModification } from '../../src/step/modify.js';
import { checkStep, deepFreeze } from '../check-step.js';
import type { Dice } from './dice.js';
import { errorCodes, segmentNames, variableNames } from './random-process.js';

/** Most steps of one instance: far beyond what any of the random processes needs. */
const maxSteps = 20_000;

/** Of one that need not end. */
const enoughSteps = 60;
const enoughTokens = 100;

export interface Played {
  readonly steps: number;
  readonly state: InstanceState;
  readonly inputs: readonly Input[];
}

export interface PlayOptions {
  /** Whether the instance need not come to its end. */
  readonly mayStay?: boolean;
  /** Whether someone moves its tokens and sets its variables meanwhile. */
  readonly meddling?: boolean;
  /** Another definition, to which and from which the instance is migrated meanwhile. */
  readonly twin?: Twin;
}
export interface Twin {
  readonly definition: Definition;
  readonly mapping: readonly ElementPair[];
}

/** Plays one instance, feeding at random what it waits for; throws when something does not hold. */
export function play(definition: Definition, dice: Dice, options: PlayOptions = {}): Played {
  const { mayStay = false } = options;
  const player = new Player(definition, dice, options);
  if (mayStay) player.runForAWhile();
  else player.run();
  return player;
}

/** Something the world holds open for the instance. */
type Open = Extract<
  Effect,
  { kind: 'schedule-timer' | 'open-subscription' | 'create-task' | 'start-instance' | 'raise-incident' | 'ask' }
>;

/** The order of an object's keys does not matter in a state. */
const textOf = ({ state, effects, events }: Advanced): string => JSON.stringify([stateToJson(state), effects, events]);

/** Waits that something inside of the instance ends. */
const inside: ReadonlySet<string> = new Set(['join', 'children', 'runs', 'thrown', 'condition', 'data']);

class Player {
  state: InstanceState = createInstance({ instanceId: 'i', subjectId: 'ada' });
  steps = 0;
  private at = 0;
  readonly inputs: Input[] = [];
  private readonly open = new Map<string, Open>();
  private readonly seen = new Set<string>();

  /** The definition of every input. */
  private readonly definitions: Definition[] = [];

  constructor(
    private definition: Definition,
    private readonly dice: Dice,
    private readonly options: PlayOptions,
  ) {
    this.twin = options.twin ?? null;
  }
  private twin: Twin | null;

  run(): void {
    this.start();
    while (this.state.status === 'active') {
      if (this.steps > maxSteps) throw new Error(`The instance has not ended after ${maxSteps} steps.`);
      if (this.open.size === 0) throw new Error(`The instance waits for nothing: ${JSON.stringify(this.state)}`);
      this.feed(this.happening([...this.open.values()]));
      if (this.dice.chance(0.05)) this.feedLate();
      this.operate();
    }
    if (this.open.size > 0)
      throw new Error(`The instance has ended and left open ${[...this.open.keys()].join(', ')}.`);
    this.replay();
  }

  /** By any of its start events. */
  private start(): void {
    const variables = Object.fromEntries(variableNames.map((name) => [name, this.dice.below(10)]));
    const { startEvents, root } = this.definition;
    const { noneStarts, implicitStarts } = root;
    const events = startEvents.filter(({ kind }) => kind !== 'none' || noneStarts.length > 1);
    const plain = noneStarts.length === 1 || implicitStarts.length > 0;
    const event = plain && (events.length === 0 || this.dice.chance(0.5)) ? null : this.dice.pick(events);
    const part = event !== null && 'part' in event ? { startEventPart: event.part } : {};
    this.feed({ kind: 'start', at: 0, ...(event === null ? {} : { startEventId: event.id, ...part }), variables });
  }

  /** Plays on until the instance ends, gets stuck at joins, or has been at it for long enough. */
  runForAWhile(): void {
    this.start();
    const isEnough = () => this.steps >= enoughSteps || this.state.tokens.length >= enoughTokens;
    // No history ends with a question: it is answered within its step.
    while (this.state.status === 'active' && (this.isAsking || !isEnough())) {
      // A retry would go round as often again.
      if (this.state.incidents.some(({ type }) => type === 'bound-reached')) break;
      if (this.open.size === 0) {
        if (this.state.tokens.some(({ waits }) => !waits.some(({ kind }) => inside.has(kind))))
          throw new Error(`A token waits for nothing: ${JSON.stringify(this.state)}`);
        break;
      }
      this.feed(this.happening([...this.open.values()]));
      if (this.dice.chance(0.05)) this.feedLate();
      this.operate();
    }
    // Where tokens have multiplied without end, a step takes a second.
    if (this.state.tokens.length < enoughTokens) this.replay();
  }

  private get isAsking(): boolean {
    return [...this.open.values()].some(({ kind }) => kind === 'ask');
  }

  private operate(): void {
    if (this.state.status !== 'active' || this.isAsking) return;
    if (this.twin !== null && this.dice.chance(0.2)) this.migrate(this.twin);
    if (this.options.meddling === true && this.dice.chance(0.2)) this.meddle();
  }

  /** To the twin, which differs in nothing but the ids of its elements: the instance must go on as it would have. */
  private migrate({ definition, mapping }: Twin): void {
    const before = this.definition;
    const check = checkMigration(before, definition, this.state, mapping);
    if (!check.ok) throw new Error(`It does not fit its twin: ${JSON.stringify(check.obstacles)}`);
    if (check.plan.opened.length > 0) throw new Error(`Nothing of ${JSON.stringify(check.plan)} is new.`);
    this.definition = definition;
    this.twin = {
      definition: before,
      mapping: mapping.map(({ source, target }) => ({ source: target, target: source })),
    };
    const effects = this.feed({ kind: 'migrated', at: this.at, version: 2, ...check.plan });
    if (effects.some(({ kind }) => kind !== 'rename-elements'))
      throw new Error(`The migration to a twin brought about ${JSON.stringify(effects)}.`);
  }

  private meddle(): void {
    const variables = this.someVariables();
    if (this.dice.chance(0.3)) {
      const scopeId = this.dice.pick(this.state.scopes).id;
      this.feed({ kind: 'variables-set', at: this.at, scopeId, variables });
      return;
    }
    const nodes = [...this.definition.nodes.keys()];
    const modification: Modification = {
      activate: Array.from({ length: this.dice.below(3) }, () => ({ elementId: this.dice.pick(nodes) })),
      terminate: Array.from({ length: this.dice.below(3) }, () => ({ tokenId: this.dice.pick(this.state.tokens).id })),
      variables,
    };
    const refused = checkModification(this.definition, this.state, modification).length > 0;
    const { state } = this;
    this.feed({ kind: 'modified', at: this.at, ...modification });
    if (refused !== (this.state === state))
      throw new Error(`${JSON.stringify(modification)} was not done as announced.`);
  }

  /** Something that can happen now; questions and incidents come first. */
  private happening(open: readonly Open[]): Input {
    const asked = open.find(({ kind }) => kind === 'ask');
    const chosen = asked ?? this.dice.pick(open);
    this.at += this.dice.below(60_000);
    const { at } = this;
    switch (chosen.kind) {
      case 'ask':
        return { kind: 'answered', at, questionId: chosen.questionId, answer: this.answer(chosen.question) };
      case 'schedule-timer':
        this.at = Math.max(at, chosen.dueAt);
        return { kind: 'timer-due', at: this.at, timerId: chosen.timerId };
      case 'open-subscription':
        if (chosen.event === 'user') return { kind: 'user-changed', at, subscriptionId: chosen.subscriptionId };
        return {
          kind: chosen.event,
          at,
          subscriptionId: chosen.subscriptionId,
          variables: this.someVariables(),
        };
      case 'start-instance':
        return this.dice.chance(0.1)
          ? { kind: 'call-ended', at, callId: chosen.callId, outcome: 'cancelled' }
          : { kind: 'call-ended', at, callId: chosen.callId, outcome: 'completed', variables: this.someVariables() };
      case 'raise-incident':
        return { kind: 'incident-resolved', at, incidentId: chosen.incident.id, resolution: { action: 'retry' } };
      case 'create-task':
        return this.taskEnds(chosen.taskId, chosen.elementId);
    }
  }

  private taskEnds(taskId: string, elementId: string): Input {
    const { at } = this;
    if (this.dice.chance(0.1)) return { kind: 'task-failed', at, taskId, reason: 'It failed.' };
    if (this.dice.chance(0.15)) return { kind: 'task-threw-error', at, taskId, code: this.dice.pick(errorCodes) };
    const result = elementId.startsWith('again') ? this.dice.chance(0.3) : this.dice.below(10);
    return { kind: 'task-completed', at, taskId, result };
  }

  private answer(question: Question): Json {
    switch (question.kind) {
      case 'profile':
        return { id: 'ada', attributes: {}, tags: [], stage: null, tier: null, points: this.dice.below(2) };
      case 'segments':
        return Object.fromEntries(segmentNames.map((name) => [name, this.dice.chance(0.5)]));
      case 'reach':
        return { allowed: this.dice.chance(0.5) };
      case 'decision':
        return { result: this.dice.below(10) };
      case 'task':
        return { result: this.dice.below(10), changes: [] };
    }
  }

  private someVariables() {
    return this.dice.chance(0.3) ? { [this.dice.pick(variableNames)]: this.dice.below(10) } : {};
  }

  private feed(input: Input): readonly Effect[] {
    this.steps += 1;
    this.inputs.push(input);
    this.definitions.push(this.definition);
    const before = deepFreeze(this.state);
    const restored = deepFreeze(stateFromJson(JSON.parse(stateToJson(before)) as StoredState));
    const after = advance(this.definition, before, deepFreeze(input));
    checkStep(this.definition, before, after, this.seen);
    const fromRestored = advance(this.definition, restored, input);
    if (textOf(fromRestored) !== textOf(after))
      throw new Error(`From the restored state something else came of ${JSON.stringify(input)}.`);
    this.state = after.state;
    this.settle(input, after.effects);
    this.compareOpen();
    return after.effects;
  }

  /** Keeps the world's books from nothing but inputs and effects. */
  private settle(input: Input, effects: readonly Effect[]): void {
    if (input.kind === 'timer-due') this.close(input.timerId);
    if (input.kind === 'task-completed' || input.kind === 'task-failed' || input.kind === 'task-threw-error')
      this.close(input.taskId);
    if (input.kind === 'answered') this.close(input.questionId);
    if (input.kind === 'call-ended') this.close(input.callId);
    for (const effect of effects) {
      switch (effect.kind) {
        case 'schedule-timer':
          this.open.set(effect.timerId, effect);
          break;
        case 'open-subscription':
          this.open.set(effect.subscriptionId, effect);
          break;
        case 'create-task':
          this.open.set(effect.taskId, effect);
          break;
        case 'start-instance':
          this.open.set(effect.callId, effect);
          break;
        case 'ask':
          this.open.set(effect.questionId, effect);
          break;
        case 'raise-incident':
          this.open.set(effect.incident.id, effect);
          break;
        case 'cancel-timer':
          this.close(effect.timerId);
          break;
        case 'close-subscription':
          this.close(effect.subscriptionId);
          break;
        case 'cancel-task':
          this.close(effect.taskId);
          break;
        case 'cancel-instance':
          this.close(effect.callId);
          break;
        case 'resolve-incident':
          this.close(effect.incidentId);
          break;
        case 'end':
        case 'rename-elements':
        case 'change-user':
        case 'publish-message':
        case 'broadcast-signal':
        case 'escalate':
          break;
      }
    }
  }

  private close(id: string): void {
    if (!this.open.delete(id)) throw new Error(`${id} was closed, and was not open.`);
  }

  /** What the world holds open is what the instance waits for. Questions die with their token. */
  private compareOpen(): void {
    const waits = new Set(this.state.tokens.flatMap((token) => token.waits.map(({ id }) => id)));
    for (const [id, { kind }] of this.open)
      if (!waits.has(id)) {
        if (kind !== 'ask') throw new Error(`${id} is open, and no token waits for it.`);
        this.open.delete(id);
      }
    const worldly = this.state.tokens.flatMap((token) =>
      token.waits.filter(
        ({ kind }) => kind !== 'join' && kind !== 'children' && kind !== 'runs' && kind !== 'condition',
      ),
    );
    for (const { id } of worldly)
      if (!this.open.has(id)) throw new Error(`A token waits for ${id}, which is not open.`);
  }

  /** An input that has been taken already must change nothing. */
  private feedLate(): void {
    const late = this.dice.pick(this.inputs);
    if (['message', 'signal', 'user-changed', 'variables-set', 'modified', 'migrated'].includes(late.kind)) return;
    const { state, effects, events } = advance(this.definition, this.state, late);
    if (state !== this.state || effects.length + events.length > 0)
      throw new Error(`The late input ${JSON.stringify(late)} changed something.`);
  }

  private replay(): void {
    let state = createInstance({ instanceId: 'i', subjectId: 'ada' });
    this.inputs.forEach((input, index) => {
      state = advance(this.definitions[index]!, state, input).state;
    });
    if (JSON.stringify(state) !== JSON.stringify(this.state)) throw new Error('The replay came to another state.');
  }
}
