import type { HistoryEvent } from '@xflow/schemas';
import { advance } from '../advance.js';
import { chooseStart } from '../choose-start.js';
import type { Definition } from '../definition.js';
import type { AskEffect, Effect } from '../effect.js';
import type { ElementPlace, Input, ModifiedInput, TokenPlace, VariablesSetInput } from '../input.js';
import type { InstanceState } from '../instance-state.js';
import type { Json, Variables } from '../json.js';
import type { Question } from '../question.js';
import { checkModification } from '../step/modify.js';
import { newInstanceOf, type RecordedHistory } from './replay.js';

/** What one input, and the answers to the questions it led to, brought about. */
export interface Behaviour {
  readonly effects: Effect[];
  readonly events: HistoryEvent[];
}

export interface Turn {
  /** Number of the input in the history. */
  readonly step: number;
  readonly before: Behaviour;
  readonly after: Behaviour;
  /** Why the new definition cannot follow; null: it did. */
  readonly misfit: string | null;
}

type Answer = Extract<Input, { kind: 'answered' | 'answer-failed' }>;

/** Plays a history under two definitions side by side, an input and its answers at a time. */
export class Parallel {
  oldState: InstanceState;
  newState: InstanceState;
  private position = 0;

  constructor(
    private readonly oldDefinition: Definition,
    private readonly newDefinition: Definition,
    private readonly history: RecordedHistory,
  ) {
    this.oldState = newInstanceOf(history);
    this.newState = newInstanceOf(history);
  }

  /** Null at the end of the history. */
  next(): Turn | null {
    const first = this.history.steps[this.position]?.input;
    if (first === undefined) return null;
    const step = this.position + 1;
    const stateBefore = this.oldState;
    const before: Behaviour = { effects: [], events: [] };
    const after: Behaviour = { effects: [], events: [] };
    const answers = this.playOld(first, before);
    const translated = this.translate(first, stateBefore);
    if (translated === null) return { step, before, after, misfit: null };
    const misfit = typeof translated === 'string' ? translated : this.playNew(translated, answers, after);
    return { step, before, after, misfit };
  }

  /** The input and its answers under the old definition; returns the answers with what was asked. */
  private playOld(first: Input, behaviour: Behaviour): Asked[] {
    const asks = new Map<string, AskEffect>();
    const answers: Asked[] = [];
    let input: Input | undefined = first;
    do {
      const { state, effects, events } = advance(this.oldDefinition, this.oldState, input);
      this.oldState = state;
      behaviour.effects.push(...effects);
      behaviour.events.push(...events);
      for (const effect of effects) if (effect.kind === 'ask') asks.set(effect.questionId, effect);
      this.position += 1;
      input = this.history.steps[this.position]?.input;
      if (input !== undefined && isAnswer(input)) {
        const ask = asks.get(input.questionId);
        if (ask !== undefined) answers.push({ ask, answer: input, used: false });
      }
    } while (input !== undefined && isAnswer(input));
    return answers;
  }

  /**
   * The input as the new state takes it; null when it came to nothing then, and must come to nothing now; or why it cannot happen any
   * more, as a whole sentence.
   */
  private translate(input: Input, oldState: InstanceState): Input | string | null {
    const { oldDefinition, newDefinition, newState } = this;
    switch (input.kind) {
      case 'start': {
        const { startEventId } = input;
        const { root, startEvents } = newDefinition;
        if (startEventId === undefined) {
          const choice = chooseStart(newDefinition, undefined);
          if (!choice.ok) return choice.message;
          const begins = root.implicitStarts.length > 0 || startEvents.length > 0;
          return begins ? input : 'The process has nothing to begin with any more.';
        }
        return startEvents.some(({ id }) => id === startEventId)
          ? input
          : `Start event "${startEventId}" is not there any more.`;
      }
      case 'migrated':
        return 'The instance was migrated here; histories are compared up to a migration.';
      case 'variables-set':
        return inScope(input, oldState, newState);
      case 'modified':
        if (checkModification(oldDefinition, oldState, input).length > 0) return null;
        return modified(input, oldState, newState, newDefinition);
      case 'activate':
        return newDefinition.nodes.has(input.elementId)
          ? input
          : `Element "${input.elementId}", which was asked for, is not there any more.`;
      case 'cancelled':
        return input;
      default:
        return atSameWait(input, oldState, newState, newDefinition);
    }
  }

  /** Null, or why the questions of the new definition cannot be answered. */
  private playNew(first: Input, answers: readonly Asked[], behaviour: Behaviour): string | null {
    const asks: AskEffect[] = [];
    for (let input: Input | null = first; input !== null;) {
      const { state, effects, events } = advance(this.newDefinition, this.newState, input);
      this.newState = state;
      behaviour.effects.push(...effects);
      behaviour.events.push(...events);
      asks.push(...effects.filter((effect) => effect.kind === 'ask'));
      // A question whose token is gone by now needs no answer.
      const open = asks.findIndex(({ questionId }) => waitsFor(questionId, state));
      const ask: AskEffect | undefined = open < 0 ? undefined : asks.splice(0, open + 1)[open];
      input = ask === undefined ? null : answerOf(ask, answers, first.at);
      if (ask !== undefined && input === null)
        return `Element "${ask.elementId}" asks for ${describe(ask)} now, which the history does not answer.`;
    }
    return null;
  }
}

interface Asked {
  readonly ask: AskEffect;
  readonly answer: Answer;
  used: boolean;
}

const waitsFor = (id: string, { tokens }: InstanceState): boolean =>
  tokens.some(({ waits }) => waits.some((wait) => wait.id === id));

const isAnswer = (input: Input): input is Answer => input.kind === 'answered' || input.kind === 'answer-failed';

function describe({ question }: AskEffect): string {
  switch (question.kind) {
    case 'task':
      return `the decision of task type "${question.type}"`;
    case 'segments':
      return `segments ${question.segments.map((name) => `"${name}"`).join(', ')}`;
    case 'decision':
      return `decision "${question.decision}"`;
    case 'reach':
      return `whether the user may be reached by ${question.channel}`;
    case 'profile':
      return `the user's profile`;
  }
}

/** What the history says to a question: the answer to the same element first; what is known about the user answers any element. */
function answerOf(asked: AskEffect, answers: readonly Asked[], at: number): Input | null {
  const { question, questionId, elementId } = asked;
  const alike = answers.filter(({ ask }) => ask.question.kind === question.kind);
  const own = alike.find(({ ask, used }) => !used && ask.elementId === elementId && asksNoMore(ask, question));
  const found = own ?? (question.kind === 'profile' ? alike[0] : undefined);
  if (found !== undefined) {
    found.used = true;
    return { ...found.answer, questionId };
  }
  if (question.kind !== 'segments') return null;
  const known = new Map<string, Json>();
  for (const { answer } of alike)
    if (answer.kind === 'answered')
      for (const [name, isIn] of Object.entries(answer.answer as Variables)) known.set(name, isIn);
  if (!question.segments.every((name) => known.has(name))) return null;
  return { kind: 'answered', at, questionId, answer: Object.fromEntries(known) };
}

/** Whether the answer to one question of a kind answers the other, too. */
function asksNoMore({ question: answered }: AskEffect, question: Question): boolean {
  if (question.kind === 'task') return answered.kind === 'task' && answered.type === question.type;
  if (question.kind === 'decision') return answered.kind === 'decision' && answered.decision === question.decision;
  if (question.kind !== 'segments') return true;
  return answered.kind === 'segments' && question.segments.every((name) => answered.segments.includes(name));
}

const idFields = ['timerId', 'subscriptionId', 'taskId', 'questionId', 'callId', 'incidentId'] as const;

/** The input with the id that the other state has for the same element and wait; or why there is none, as a whole sentence. */
function atSameWait(
  input: Input,
  oldState: InstanceState,
  newState: InstanceState,
  newDefinition: Definition,
): Input | string | null {
  const fields = input as unknown as Readonly<Record<string, unknown>>;
  const field = idFields.find((name) => typeof fields[name] === 'string');
  if (field === undefined) return input;
  const places = oldState.tokens.flatMap((token) => token.waits.map((wait) => ({ token, wait })));
  const awaited = places.find(({ wait }) => wait.id === fields[field] && wait.kind !== 'join');
  if (awaited === undefined) return null;
  const alike = (state: InstanceState) =>
    state.tokens.flatMap(({ elementId, waits }) =>
      waits.filter(
        (wait) =>
          elementId === awaited.token.elementId &&
          wait.kind === awaited.wait.kind &&
          wait.elementId === awaited.wait.elementId,
      ),
    );
  const { elementId } = awaited.wait;
  const same = alike(newState)[alike(oldState).indexOf(awaited.wait)];
  if (same === undefined) return `Nothing waits for the ${input.kind} at "${elementId}" any more; ${restOf(newState)}.`;
  if (input.kind === 'incident-resolved' && input.resolution.action === 'take-flow') {
    const { flowId } = input.resolution;
    if (!newDefinition.flows.has(flowId))
      return `Sequence flow "${flowId}", which resolved an incident, is not there any more.`;
  }
  return { ...input, [field]: same.id };
}

/** The scope or token of the new state that stands where one of the old state does: the one with the same number at the same element. */
function counterpart<Place extends { readonly id: string; readonly elementId: string }>(
  old: Place,
  before: readonly Place[],
  after: readonly Place[],
): Place | undefined {
  const alike = (places: readonly Place[]) => places.filter(({ elementId }) => elementId === old.elementId);
  return alike(after)[alike(before).indexOf(old)];
}

function inScope(
  input: VariablesSetInput,
  { scopes }: InstanceState,
  newState: InstanceState,
): VariablesSetInput | string | null {
  if (input.scopeId === undefined) return input;
  const old = scopes.find(({ id }) => id === input.scopeId);
  if (old === undefined) return null;
  const scope = counterpart(old, scopes, newState.scopes);
  return scope === undefined
    ? `Variables were set in "${old.elementId}", which does not run any more; ${restOf(newState)}.`
    : { ...input, scopeId: scope.id };
}

/** Of a modification that was possible. */
function modified(
  input: ModifiedInput,
  { scopes, tokens }: InstanceState,
  newState: InstanceState,
  newDefinition: Definition,
): ModifiedInput | string {
  const activate = (input.activate ?? []).map(({ elementId, scopeId }): ElementPlace => {
    const old = scopes.find(({ id }) => id === scopeId);
    const scope = old && counterpart(old, scopes, newState.scopes);
    return { elementId, ...(scope === undefined ? {} : { scopeId: scope.id }) };
  });
  const terminate = (input.terminate ?? []).map((place): TokenPlace => {
    const old = 'tokenId' in place ? tokens.find(({ id }) => id === place.tokenId) : undefined;
    if (old === undefined) return place;
    return { tokenId: counterpart(old, tokens, newState.tokens)?.id ?? '' };
  });
  const translated = { ...input, activate, terminate };
  const [obstacle] = checkModification(newDefinition, newState, translated);
  return obstacle === undefined ? translated : `The tokens cannot be moved like this any more: ${obstacle.message}`;
}

function restOf({ status, tokens }: InstanceState): string {
  if (status !== 'active') return `the instance has ended by then (${status})`;
  return `the instance rests at ${[...new Set(tokens.map(({ elementId }) => `"${elementId}"`))].join(', ')}`;
}
