import { mergeNeeds } from '../expressions/needs.js';
import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { MigratedInput } from '../input.js';
import type { Compensable, InstanceState, Token, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { isAwaited, needsOf, type Opening, prepareTrigger, triggerOf } from './await-trigger.js';
import { closeIncident, closeWait } from './close-waits.js';
import { contextFor, forgetAnswers } from './questions.js';
import { raiseIncident } from './raise-incident.js';
import { isRun } from './run-loop.js';
import { scopeNodeOf } from './start-scope.js';
import type { Step, WorkingToken } from './step.js';

/** The state in the words of the new definition. What has no word there keeps its own, and is closed by {@link migrateInstance}. */
export function renameElements(definition: Definition, state: InstanceState, input: MigratedInput): InstanceState {
  if (state.status !== 'active') return state;
  const elements = new Map(input.elements.map(({ source, target }) => [source, target]));
  const flows = new Map(input.flows.map(({ source, target }) => [source, target]));
  const element = (id: string): string => elements.get(id) ?? id;
  const flow = (id: string): string => flows.get(id) ?? id;
  const compensable = ({ inner, ...one }: Compensable): Compensable => ({
    ...one,
    elementId: element(one.elementId),
    handlerId: one.handlerId === null ? null : element(one.handlerId),
    ...(inner === undefined ? {} : { inner: inner.map(compensable) }),
  });
  return {
    ...state,
    scopes: state.scopes.map(({ compensables, pending, received, ...scope }) => ({
      ...scope,
      elementId: scope.parentTokenId === null ? definition.key : element(scope.elementId),
      ...(pending === undefined ? {} : { pending: pending.map(element) }),
      ...(compensables === undefined ? {} : { compensables: compensables.map(compensable) }),
      ...(received === undefined
        ? {}
        : { received: received.map((one) => ({ elementId: element(one.elementId), flows: one.flows.map(flow) })) }),
    })),
    tokens: state.tokens.map((token) => ({
      ...token,
      elementId: element(token.elementId),
      arrivedBy: token.arrivedBy === null ? null : flow(token.arrivedBy),
      waits: token.waits.map((wait) => ({ ...wait, elementId: element(wait.elementId) })),
      ...(token.todo === undefined ? {} : { todo: token.todo.map(compensable) }),
      ...(token.startAt === undefined ? {} : { startAt: token.startAt.map(element) }),
      ...(token.toArm === undefined ? {} : { toArm: token.toArm.map(element) }),
    })),
    incidents: state.incidents.map((incident) => ({ ...incident, elementId: element(incident.elementId) })),
  };
}

/** The step begins with the renamed state of `before`: closes what has no counterpart, opens what is new, and decides anew what was to be decided. */
export function migrateInstance(step: Step, before: InstanceState, input: MigratedInput): true {
  const renamed = input.elements.filter(({ source, target }) => source !== target);
  step.events.push({ kind: 'instance-migrated', version: input.version, elements: renamed });
  if (renamed.length > 0) step.effects.push({ kind: 'rename-elements', elements: renamed });
  const kept = new Set(input.elements.map(({ source }) => source));
  const opened = new Set(input.opened);
  for (const { id, elementId, waits } of before.tokens)
    if (kept.has(elementId)) {
      const lost = new Set(waits.filter((wait) => !kept.has(wait.elementId)).map((wait) => wait.id));
      migrateToken(step, id, lost, opened);
    } else removeListener(step, id);
  for (const { id } of [...step.scopes]) listenAnew(step, id, opened);
  reconsiderChoices(step);
  return true;
}

/** Only what listens may lack a counterpart. */
function removeListener(step: Step, tokenId: string): void {
  const token = step.tokenById(tokenId);
  for (const wait of step.takeWaits(token)) closeWait(step, wait);
  step.removeToken(token);
}

/** @param lost ids of the waits at events that have no counterpart. */
function migrateToken(step: Step, tokenId: string, lost: ReadonlySet<string>, opened: ReadonlySet<string>): void {
  const token = step.seeToken(tokenId);
  const node = step.node(token.elementId);
  const renewed = renewedBy(step, token, node, opened);
  const toArm = (token.toArm ?? []).filter((id) => step.definition.nodes.has(id));
  const closed = token.waits.filter((wait) => lost.has(wait.id) || isRenewed(wait, node, renewed));
  if (closed.length === 0 && renewed.size === 0 && toArm.length === (token.toArm ?? []).length) return;
  const own = step.tokenById(tokenId);
  for (const wait of closed) {
    step.dropWait(own, wait);
    closeWait(step, wait);
  }
  const arm = [...new Set([...toArm, ...[...renewed].filter((id) => id !== node.id)])];
  if (arm.length > 0) own.toArm = arm;
  else delete own.toArm;
  if (own.phase === 'listening') own.armed = false;
  if (renewed.size > 0 || own.waits.length === 0) step.enqueue(own, node);
}

/** What the token opens anew: ids of events beside its element, and of the element itself where it waits for something else. */
function renewedBy(step: Step, token: Token, node: FlowNode, opened: ReadonlySet<string>): ReadonlySet<string> {
  const busy = token.phase === 'entered' || token.phase === 'completing';
  const beside =
    !busy || isRun(step, token, node)
      ? []
      : [
          ...(isArmed(token) ? node.boundaryEvents : []),
          ...(node.type === 'event-based-gateway' && token.waits.some(({ elementId }) => elementId !== node.id)
            ? node.outgoing.map(({ target }) => target)
            : []),
        ];
  const itself =
    opened.has(node.id) &&
    (token.phase === 'listening' || token.waits.some((wait) => wait.elementId === node.id && isOpenable(wait)));
  return new Set([...beside.map(({ id }) => id).filter((id) => opened.has(id)), ...(itself ? [node.id] : [])]);
}

/** Whether boundary events of the element would be waited for: else they will all be when its token is taken up again. */
const isArmed = ({ armed, elementId, waits }: Token): boolean =>
  armed || waits.some((wait) => wait.kind !== 'incident' && wait.elementId === elementId);

const isOpenable = ({ kind }: Wait): boolean => openable.has(kind);
const openable: ReadonlySet<Wait['kind']> = new Set([
  'timer',
  'message',
  'signal',
  'condition',
  'thrown',
  'data',
  'join',
] as const);

function isRenewed(wait: Wait, node: FlowNode, renewed: ReadonlySet<string>): boolean {
  if (!isOpenable(wait)) return false;
  return renewed.has(wait.elementId) || (node.type === 'event-subprocess' && renewed.has(node.id));
}

/** Event subprocesses that are new begin to wait, unless an interrupting one has taken the scope over. */
function listenAnew(step: Step, scopeId: string, opened: ReadonlySet<string>): void {
  if (step.scope(scopeId).loopCounter !== undefined) return;
  const { eventSubprocesses } = scopeNodeOf(step, scopeId);
  if (!eventSubprocesses.some(({ id }) => opened.has(id))) return;
  const inside = step.tokensIn(scopeId);
  const interrupted = eventSubprocesses.some(
    ({ id, scope }) =>
      scope.triggeredStart?.interrupting === true &&
      inside.some(({ elementId, phase }) => elementId === id && phase !== 'listening'),
  );
  if (interrupted) return;
  for (const node of eventSubprocesses) {
    const start = node.scope.triggeredStart;
    if (!opened.has(node.id) || start === null || !isAwaited(start.trigger)) continue;
    if (inside.some(({ elementId, phase }) => elementId === node.id && phase === 'listening')) continue;
    const token = step.addToken(node, scopeId, null);
    token.phase = 'listening';
    step.enqueue(token, node);
  }
}

/** Where somebody was to choose among flows that are others now, the choice is made anew. */
function reconsiderChoices(step: Step): void {
  for (const { id, elementId, choices } of step.incidents) {
    if (choices.length === 0) continue;
    const node = step.node(elementId);
    const now = node.outgoing.map((flow) => flow.id);
    if (now.length === choices.length && now.every((flowId, index) => flowId === choices[index])) continue;
    for (const { id: tokenId } of [...step.tokensWaitingFor(id)]) {
      const token = step.tokenById(tokenId);
      for (const wait of token.waits) if (wait.id === id) step.dropWait(token, wait);
      step.enqueue(token, node);
    }
    closeIncident(step, id, 'cancelled');
  }
}

/** Opens events that came with a migration, beside what the token waits for; then the element's own work goes on where it does not wait. */
export function armAdded(step: Step, token: WorkingToken, node: FlowNode): void {
  const events = (token.toArm ?? []).map((id) => {
    const event = step.node(id);
    const trigger = triggerOf(event);
    invariant(trigger, `Expected an event, not ${event.type} ${id}.`);
    return { event, trigger, needs: needsOf(trigger) };
  });
  const context = contextFor(step, token, mergeNeeds(events));
  if (context === null) return;
  const openings: Opening[] = [];
  for (const { event, trigger } of events) {
    const opening = prepareTrigger(step, token, event.id, trigger, context, event.type !== 'boundary-event');
    if (typeof opening !== 'function') {
      raiseIncident(step, token, event, 'expression-failed', opening);
      return;
    }
    openings.push(opening);
  }
  for (const open of openings) open();
  delete token.toArm;
  token.armed = true;
  forgetAnswers(token);
  const waits = token.waits.some(({ elementId }) => elementId === node.id || node.type === 'event-based-gateway');
  if (!waits) step.enqueue(token, node);
}
