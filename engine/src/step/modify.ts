import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { ElementPlace, Modification, ModifiedInput, TokenPlace, VariablesSetInput } from '../input.js';
import type { InstanceState, Scope, Token } from '../instance-state.js';
import { enterDirectly } from './begin-inside.js';
import { maxTokens } from './bounds.js';
import { cancelTokens, closeWaits } from './close-waits.js';
import { askWhetherComplete } from './leave.js';
import { notActive, type Obstacle } from './obstacle.js';
import { terminateRun } from './run-loop.js';
import { isRunning } from './start-scope.js';
import { Step } from './step.js';

/** Why the tokens of an instance cannot be moved like this; nothing is changed. None: they can. */
export function checkModification(
  definition: Definition,
  state: InstanceState,
  modification: Modification,
): readonly Obstacle[] {
  return plan(new Step(definition, state, 0), modification).obstacles;
}

/** False, and nothing has changed, when there is an obstacle. */
export function modifyInstance(step: Step, input: ModifiedInput): boolean {
  const { entries, terminated, obstacles } = plan(step, input);
  if (obstacles.length > 0) return false;
  const { variables = {} } = input;
  if (Object.keys(variables).length > 0) step.setVariablesIn(step.rootScope().id, variables);
  for (const { node, scopeId, inside } of entries) enterDirectly(step, node, scopeId, inside);
  for (const { id } of terminated) terminate(step, id);
  return true;
}

/** False when there is no such scope, or there are no variables. */
export function setVariables(step: Step, { scopeId, variables }: VariablesSetInput): boolean {
  const scope = scopeId === undefined ? step.scopes[0] : step.scopes.find(({ id }) => id === scopeId);
  if (scope === undefined || Object.keys(variables).length === 0) return false;
  step.setVariablesIn(scope.id, variables);
  return true;
}

/** A token that enters an element of an open scope. `inside`: elements in it that the token is meant for; none: the element itself. */
interface Entry {
  readonly node: FlowNode;
  readonly scopeId: string;
  readonly inside: readonly string[];
}
interface Plan {
  readonly entries: readonly Entry[];
  readonly terminated: readonly Token[];
  readonly obstacles: readonly Obstacle[];
}

function plan(step: Step, { activate = [], terminate: places = [], variables = {} }: Modification): Plan {
  if (step.status !== 'active' || step.scopes.length === 0)
    return { entries: [], terminated: [], obstacles: [notActive] };
  const obstacles: Obstacle[] = [];
  if (activate.length + places.length + Object.keys(variables).length === 0)
    obstacles.push({
      elementId: null,
      message: 'The modification changes nothing.',
      remedy: 'Name elements to activate, or tokens to terminate.',
    });
  const terminated = new Set<Token>();
  for (const place of places) {
    const found = tokensAt(step, place);
    for (const token of found) terminated.add(token);
    if (found.length === 0) obstacles.push(noToken(place));
  }
  const dying = scopesInside(step, terminated);
  const entries: Entry[] = [];
  for (const place of activate) {
    const found = entryFor(step, place, dying);
    if ('message' in found) obstacles.push(found);
    else addEntry(entries, found);
  }
  if (step.tokenCount + activate.length > maxTokens)
    obstacles.push({
      elementId: null,
      message: `The instance would have more than ${maxTokens} tokens.`,
      remedy: 'Activate fewer elements.',
    });
  return { entries, terminated: [...terminated], obstacles };
}

/** Tokens that people see: those that wait for the start of an event subprocess are not meant. */
function tokensAt(step: Step, place: TokenPlace): readonly Token[] {
  return step.tokens.filter(
    ({ id, elementId, phase }) =>
      phase !== 'listening' && ('tokenId' in place ? id === place.tokenId : elementId === place.elementId),
  );
}

const noToken = (place: TokenPlace): Obstacle =>
  'tokenId' in place
    ? {
        elementId: null,
        message: `The instance has no token "${place.tokenId}".`,
        remedy: 'Look where its tokens are now: it may have gone on.',
      }
    : {
        elementId: place.elementId,
        message: `No token rests on element "${place.elementId}".`,
        remedy: 'Look where the tokens are now: they may have gone on.',
      };

function scopesInside(step: Step, tokens: ReadonlySet<Token>): ReadonlySet<string> {
  const inside = new Set<string>();
  // The scopes around a scope come before it.
  for (const { id, parentTokenId } of step.scopes) {
    if (parentTokenId === null) continue;
    const around = step.seeToken(parentTokenId);
    if (tokens.has(around) || inside.has(around.scopeId)) inside.add(id);
  }
  return inside;
}

/** Two elements of one subprocess that does not run yet begin in one run of it. */
function addEntry(entries: Entry[], entry: Entry): void {
  const index = entries.findIndex(
    ({ node, scopeId, inside }) => node === entry.node && scopeId === entry.scopeId && inside.length > 0,
  );
  const before = entries[index];
  if (before === undefined || entry.inside.length === 0) entries.push(entry);
  else entries[index] = { ...before, inside: [...before.inside, ...entry.inside] };
}

/** Where the token begins: in the innermost scope around the element that is open. */
function entryFor(step: Step, { elementId, scopeId }: ElementPlace, dying: ReadonlySet<string>): Entry | Obstacle {
  const target = step.definition.nodes.get(elementId);
  const refusal = target === undefined ? unknown(step, elementId) : refusalOf(step, target);
  if (target === undefined || refusal !== null) return refusal ?? unknown(step, elementId);
  if (scopeId !== undefined && !step.scopes.some(({ id }) => id === scopeId)) return noScope(elementId, scopeId);
  for (let child = target; ;) {
    const open = openScopes(step, child.scopeId, dying).filter(
      ({ id }) => scopeId === undefined || isWithin(step, id, scopeId),
    );
    const [only, ...others] = open;
    if (others.length > 0)
      return {
        elementId,
        message: `Element "${elementId}" is in "${child.scopeId}", which runs ${open.length} times.`,
        remedy: `Name one of its scopes in scopeId: ${open
          .slice(0, 10)
          .map(({ id }) => `"${id}"`)
          .join(', ')}.`,
      };
    if (only !== undefined) return { node: child, scopeId: only.id, inside: child === target ? [] : [elementId] };
    const container = step.definition.nodes.get(child.scopeId);
    if (container === undefined) return noScope(elementId, scopeId);
    if (container.loop !== null)
      return {
        elementId,
        message: `Element "${elementId}" is in "${container.id}", which runs more than once for a token and does not run now.`,
        remedy: `Activate "${container.id}" itself.`,
      };
    child = container;
  }
}

const unknown = ({ definition }: Step, elementId: string): Obstacle => ({
  elementId,
  message: `Workflow "${definition.key}" has no element "${elementId}".`,
  remedy: 'Name an element of the version that the instance runs on.',
});

const noScope = (elementId: string, scopeId = ''): Obstacle => ({
  elementId,
  message: `Scope "${scopeId}" is none of the open ones around element "${elementId}".`,
  remedy: 'Leave scopeId out, or name a scope of a subprocess around the element.',
});

function refusalOf(step: Step, { id, type }: FlowNode): Obstacle | null {
  if (type === 'boundary-event')
    return {
      elementId: id,
      message: `Boundary event "${id}" happens to its activity, and cannot be activated.`,
      remedy: 'Activate the element behind it, and terminate the token on its activity.',
    };
  for (const node of step.definition.nodes.values())
    if (node.type === 'boundary-event' && node.handlerId === id)
      return {
        elementId: id,
        message: `Activity "${id}" undoes "${node.attachedTo}", and is begun by compensation only.`,
        remedy: 'Activate an element that throws a compensation event.',
      };
  return null;
}

function openScopes(step: Step, elementId: string, dying: ReadonlySet<string>): readonly Scope[] {
  return step
    .scopesOf(elementId)
    .filter(
      ({ id, parentTokenId }) =>
        !dying.has(id) && (parentTokenId === null || step.seeToken(parentTokenId).phase !== 'compensating'),
    );
}

function isWithin(step: Step, scopeId: string, outerId: string): boolean {
  for (let id = scopeId; ;) {
    if (id === outerId) return true;
    const { parentTokenId } = step.scope(id);
    if (parentTokenId === null) return false;
    id = step.seeToken(parentTokenId).scopeId;
  }
}

/** Takes a token away with everything inside of what it rests on. It may be gone with one before. */
function terminate(step: Step, tokenId: string): void {
  if (!step.hasToken(tokenId)) return;
  const token = step.tokenById(tokenId);
  closeWaits(step, token);
  if (token.visit > 0 && token.phase !== 'arriving')
    step.events.push({ kind: 'element-cancelled', elementId: token.elementId, tokenId });
  step.removeTokens(new Set([token]));
  settle(step, token.scopeId);
}

/**
 * What becomes of a scope that a token was taken from, where nothing runs in it any more: it is cancelled, and what is around it likewise.
 * The nesting of scopes is bounded by the compiler, so the recursion is too.
 */
function settle(step: Step, scopeId: string): void {
  const { parentTokenId, loopCounter } = step.scope(scopeId);
  if (loopCounter !== undefined) {
    if (!step.hasTokens(scopeId)) terminateRun(step, scopeId);
    return;
  }
  if (isRunning(step, scopeId)) return;
  if (parentTokenId === null) {
    cancelTokens(step, scopeId, null);
    step.end('cancelled');
    return;
  }
  const around = step.tokenById(parentTokenId);
  const node = step.node(around.elementId);
  if (around.phase === 'compensating') {
    for (const wait of around.waits) if (wait.id === scopeId) step.dropWait(around, wait);
    step.closeScope(scopeId);
    step.enqueue(around, node);
  } else if (node.type === 'ad-hoc-subprocess') askWhetherComplete(step, around.id, node);
  else terminate(step, around.id);
}
