import type { Advanced } from '../src/advance.js';
import type { Definition } from '../src/definition.js';
import type { Effect } from '../src/effect.js';
import type { InstanceState } from '../src/instance-state.js';

/** Freezes a JSON value throughout, so that a step that changes its arguments throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

/** The id that an effect gives to something new; null where it gives none. */
export function newIdOf(effect: Effect): string | null {
  switch (effect.kind) {
    case 'schedule-timer':
      return effect.timerId;
    case 'open-subscription':
      return effect.subscriptionId;
    case 'create-task':
      return effect.taskId;
    case 'ask':
      return effect.questionId;
    case 'start-instance':
      return effect.callId;
    case 'raise-incident':
      return effect.incident.id;
    default:
      return null;
  }
}

/** What must hold after every step of every instance. `seen` collects the ids that effects have given out. */
export function checkStep(definition: Definition, before: InstanceState, after: Advanced, seen: Set<string>): void {
  const { state, effects, events } = after;
  const fail = (what: string): never => {
    throw new Error(`${what} in ${JSON.stringify({ before, after }, null, 1)}`);
  };
  if (state === before && effects.length + events.length > 0) fail('Something happened, but the state is the same');
  for (const effect of effects) {
    const id = newIdOf(effect);
    if (id === null) continue;
    if (seen.has(id)) fail(`Id ${id} was given out twice`);
    seen.add(id);
  }
  const waits = new Set(state.tokens.flatMap((token) => token.waits.map(({ id }) => id)));
  for (const effect of effects)
    if (effect.kind === 'ask' && !waits.has(effect.questionId)) fail(`Nothing waits for ${effect.questionId}`);
  if (state.lastId < before.lastId || state.entries < before.entries) fail('A counter runs backwards');
  const scopes = new Set(state.scopes.map(({ id }) => id));
  const incidents = new Set(state.incidents.map(({ id }) => id));
  const tokens = new Set(state.tokens.map(({ id }) => id));
  if (tokens.size < state.tokens.length) fail('Two tokens have the same id');
  for (const token of state.tokens) {
    if (!definition.nodes.has(token.elementId)) fail(`Token ${token.id} is on ${token.elementId}, which is not there`);
    if (!scopes.has(token.scopeId)) fail(`Token ${token.id} is in no open scope`);
    if (token.waits.length === 0) fail(`Token ${token.id} rests and waits for nothing`);
    for (const wait of token.waits)
      if (wait.kind === 'incident' && !incidents.has(wait.id))
        fail(`Token ${token.id} waits for incident ${wait.id}, which is not open`);
  }
  for (const { id, parentTokenId } of state.scopes)
    if (parentTokenId !== null && !tokens.has(parentTokenId)) fail(`Scope ${id} has lost token ${parentTokenId}`);
  if (JSON.stringify(JSON.parse(JSON.stringify(state))) !== JSON.stringify(state)) fail('The state is no plain JSON');
  const ends = effects.findIndex(({ kind }) => kind === 'end');
  if (ends >= 0 && ends !== effects.length - 1) fail('The end is not the last effect');
  if ((state.status === 'active') !== state.tokens.length > 0)
    fail(`Status ${state.status} with ${state.tokens.length} tokens`);
}
