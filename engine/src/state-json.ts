import { createInstance } from './create-instance.js';
import type { InstanceState, Scope, Token, Wait, WithOnly } from './instance-state.js';
import type { Json, Variables } from './json.js';

/**
 * The state of an instance as it is kept: without what has its usual value, which is most of it. A whole state is one, too, as
 * version 0.1.0 kept them.
 */
export type StoredState = Kept<
  Omit<InstanceState, 'scopes' | 'tokens'>,
  'businessKey' | 'seed' | 'status' | 'stage' | 'burst' | 'incidents'
> & {
  readonly scopes: readonly Kept<Scope, 'parentTokenId'>[];
  readonly tokens: readonly StoredToken[];
};
type StoredToken = Kept<Omit<Token, 'waits'>, 'scopeId' | 'phase' | 'arrivedBy' | 'armed' | 'answers' | 'result'> & {
  readonly waits: readonly StoredWait[];
};
type StoredWait = { readonly [Field in 'kind' | 'id']: Wait[Field] } & { readonly elementId?: string };
type Kept<T, Left extends keyof T> = Omit<T, Left> & { readonly [Field in Left]?: T[Field] };

/**
 * The state as JSON text of a `StoredState`. The same states give the same text. Written by hand, because it is written at every step, and
 * JSON.stringify over the whole state takes three times as long.
 */
export function stateToJson(state: InstanceState): string {
  const { instanceId, businessKey, seed, status, stage, burst, scopes, tokens, incidents } = state;
  let text = `{"instanceId":"${escaped(instanceId)}","subjectId":"${escaped(state.subjectId)}"`;
  if (businessKey !== null) text += `,"businessKey":"${escaped(businessKey)}"`;
  if (seed !== instanceId) text += `,"seed":"${escaped(seed)}"`;
  if (status !== 'active') text += `,"status":"${status}"`;
  if (stage !== null) text += `,"stage":"${escaped(stage)}"`;
  text += `,"lastId":${state.lastId},"entries":${state.entries}`;
  if (burst !== 0) text += `,"burst":${burst}`;
  if (incidents.length > 0) text += `,"incidents":${JSON.stringify(incidents)}`;
  let lead = ',"scopes":[{"id":"';
  for (const scope of scopes) {
    text += lead + scopeText(scope);
    lead = ',{"id":"';
  }
  const rootId = scopes[0]?.id;
  lead = rootId === undefined ? ',"scopes":[],"tokens":[{"id":"' : '],"tokens":[{"id":"';
  for (const token of tokens) {
    text += lead + tokenText(token, rootId);
    lead = ',{"id":"';
  }
  if (tokens.length > 0) return `${text}]}`;
  return rootId === undefined ? `${text},"scopes":[],"tokens":[]}` : `${text}],"tokens":[]}`;
}

/** The state that was kept; frozen or not, what is given is not changed, and shared where it can be. */
export function stateFromJson(stored: StoredState): InstanceState {
  const { instanceId, subjectId, businessKey, seed } = stored;
  const rootId = stored.scopes[0]?.id ?? '';
  return {
    ...createInstance({ instanceId, subjectId, ...(seed === undefined ? {} : { seed }) }),
    businessKey: businessKey ?? null,
    status: stored.status ?? 'active',
    stage: stored.stage ?? null,
    lastId: stored.lastId,
    entries: stored.entries,
    burst: stored.burst ?? 0,
    scopes: stored.scopes.map(({ id, elementId, parentTokenId = null, ...rest }) => ({
      id,
      elementId,
      parentTokenId,
      ...rest,
    })),
    tokens: stored.tokens.map((token) => tokenFrom(token, rootId)),
    incidents: stored.incidents ?? [],
  };
}

// Joined of as few pieces as can be, because every piece costs; so a text may begin after its first key, and end where another one goes
// on. Ids of scopes, tokens and waits are the engine's own, and nothing in them needs an escape.

type EveryFieldOfScope = WithOnly<
  Scope,
  'id' | 'elementId' | 'parentTokenId' | 'variables' | 'loopCounter' | 'pending' | 'compensables' | 'received'
>;
type EveryFieldOfToken = WithOnly<
  Token,
  | ('id' | 'elementId' | 'scopeId' | 'visit' | 'phase' | 'arrivedBy' | 'armed' | 'waits' | 'answers' | 'result')
  | ('todo' | 'locals' | 'startedBy' | 'startAt' | 'toArm' | 'loop')
>;

function scopeText(scope: EveryFieldOfScope): string {
  const { id, elementId, parentTokenId, variables, loopCounter, pending, compensables, received } = scope;
  const parent = parentTokenId === null ? '' : `","parentTokenId":"${parentTokenId}`;
  let text = `${id}","elementId":"${escaped(elementId)}${parent}","variables":${objectText(variables)}`;
  if (loopCounter !== undefined) text += `,"loopCounter":${loopCounter}`;
  if (pending !== undefined) text += `,"pending":${JSON.stringify(pending)}`;
  if (compensables !== undefined) text += `,"compensables":${JSON.stringify(compensables)}`;
  if (received !== undefined) text += `,"received":${JSON.stringify(received)}`;
  return `${text}}`;
}

function tokenText(token: EveryFieldOfToken, rootId: string | undefined): string {
  const { elementId, waits, answers, result, todo, locals, startedBy, startAt, toArm, loop } = token;
  let text = `${token.id}","elementId":"${escaped(elementId)}","visit":${token.visit}`;
  if (token.scopeId !== rootId) text += `,"scopeId":"${token.scopeId}"`;
  if (token.phase !== 'entered') text += `,"phase":"${token.phase}"`;
  if (token.arrivedBy !== null) text += `,"arrivedBy":"${escaped(token.arrivedBy)}"`;
  if (token.armed) text += ',"armed":true';
  if (answers !== null) text += `,"answers":${JSON.stringify(answers)}`;
  if (result !== null) text += `,"result":${JSON.stringify(result)}`;
  if (todo !== undefined) text += `,"todo":${JSON.stringify(todo)}`;
  if (locals !== undefined) text += `,"locals":${JSON.stringify(locals)}`;
  if (startedBy !== undefined) text += `,"startedBy":${startedBy}`;
  if (startAt !== undefined) text += `,"startAt":${JSON.stringify(startAt)}`;
  if (toArm !== undefined) text += `,"toArm":${JSON.stringify(toArm)}`;
  if (loop !== undefined) text += `,"loop":${JSON.stringify(loop)}`;
  if (waits.length === 0) return `${text},"waits":[]}`;
  let lead = ',"waits":[{"kind":"';
  for (const wait of waits) {
    text += lead + waitText(wait, elementId);
    lead = ',{"kind":"';
  }
  return `${text}]}`;
}

function waitText(wait: Wait, elementId: string): string {
  let text = `${wait.kind}","id":"${wait.id}`;
  if (wait.elementId !== elementId) text += `","elementId":"${escaped(wait.elementId)}`;
  if (wait.kind === 'task') return `${text}","type":"${escaped(wait.type)}","taskKind":"${wait.taskKind}"}`;
  const { kind: _kind, id: _id, elementId: _elementId, ...own } = wait;
  return `${text}"${rareText(own)}}`;
}

/** Fields that follow others. */
function rareText(fields: object): string {
  for (const _ in fields) return `,${JSON.stringify(fields).slice(1, -1)}`;
  return '';
}

function objectText(object: Variables): string {
  let text = '';
  for (const name in object) text += `${text === '' ? '{"' : ',"'}${escaped(name)}":${valueText(object[name]!)}`;
  return text === '' ? '{}' : `${text}}`;
}

function valueText(value: Json): string {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** What stands between the quotation marks. Most texts are short, and need no escapes. */
function escaped(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Control characters, the quotation mark, the backslash, and surrogates, which may be single.
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit >= 0xd800) return JSON.stringify(text).slice(1, -1);
  }
  return text;
}

function tokenFrom(stored: StoredToken, rootId: string): Token {
  const {
    id,
    elementId,
    scopeId = rootId,
    visit,
    phase = 'entered',
    arrivedBy = null,
    armed = false,
    waits,
    answers = null,
    result = null,
    ...rare
  } = stored;
  return {
    id,
    elementId,
    scopeId,
    visit,
    phase,
    arrivedBy,
    armed,
    waits: waits.map((wait) => waitFrom(wait, elementId)),
    answers,
    result,
    ...rare,
  };
}

function waitFrom({ kind, id, elementId, ...own }: StoredWait, tokenElementId: string): Wait {
  return { kind, id, elementId: elementId ?? tokenElementId, ...own } as Wait;
}
