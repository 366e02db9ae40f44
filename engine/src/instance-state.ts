import type { Incident } from './effect.js';
import type { Json, Variables } from './json.js';

/**
 * One instance between two steps: plain JSON, written at every step and therefore small. Opaque to all but the engine;
 * others read it through `inspect`. Everything that is keyed by an id of the diagram is a list, because ids such as
 * `__proto__` are only strings.
 */
export interface InstanceState {
  readonly instanceId: string;
  /** The user. */
  readonly subjectId: string;
  readonly businessKey: string | null;
  /** Seed of scripts and jitter. */
  readonly seed: string;
  readonly status: 'active' | 'completed' | 'terminated' | 'cancelled' | 'error';
  /** The lifecycle stage that the instance moved its user to last. */
  readonly stage: string | null;
  /** Number of the last id given out; ids are never reused. */
  readonly lastId: number;
  /** Elements entered since the start. */
  readonly entries: number;
  /** What the current step has used of its bound; 0 at rest. A step is an input and the answers to the questions it led to. */
  readonly burst: number;
  /** The root scope first; empty before the start. */
  readonly scopes: readonly Scope[];
  readonly tokens: readonly Token[];
  /** Open incidents. */
  readonly incidents: readonly Incident[];
}

/** A running process or subprocess, with the variables declared in it. */
export interface Scope {
  readonly id: string;
  /** Id of the process or subprocess. */
  readonly elementId: string;
  /** The token that rests on the subprocess in the enclosing scope; null: the root scope. */
  readonly parentTokenId: string | null;
  readonly variables: Variables;
  /** Of one run of a loop or multi-instance activity: its number, 1 for the first. Absent: another scope. */
  readonly loopCounter?: number;
  /** Of a sequential ad-hoc subprocess: activities that were asked for and have not begun. Absent: none. */
  readonly pending?: readonly string[];
  /** Completed activities that can be compensated, in the order of their completion. Absent: none. */
  readonly compensables?: readonly Compensable[];
  /** Complex gateways that have let a token through and are not reset yet, with the incoming flows that it came from. Absent: none. */
  readonly received?: readonly { readonly elementId: string; readonly flows: readonly string[] }[];
}

/** A completed activity that can be compensated. */
export interface Compensable {
  readonly elementId: string;
  /** The activity that undoes it; null: a subprocess, undone by what is in it. */
  readonly handlerId: string | null;
  /** Its own variables when it completed; absent: none. */
  readonly variables?: Variables;
  /** Of a subprocess: what completed in it. */
  readonly inner?: readonly Compensable[];
}

/** What the token on a loop or multi-instance activity knows about its runs. */
export interface LoopState {
  /** Null: not known beforehand. */
  readonly total: number | null;
  readonly started: number;
  readonly completed: number;
  readonly terminated: number;
  /** Of a sequential multi-instance activity over a collection. */
  readonly items?: readonly Json[];
  /** By run; null where a run has not completed. */
  readonly output?: readonly Json[];
}

/** A token on an element (BPMN 2.0.2, chapter 13). It keeps its id along sequence flows; a fork makes new ones. */
export interface Token {
  readonly id: string;
  readonly elementId: string;
  readonly scopeId: string;
  /** Number of this entry within the instance: makes idempotency keys that no loop repeats and every retry keeps. */
  readonly visit: number;
  readonly phase: TokenPhase;
  /** Sequence flow that led here, for as long as the token is not in the element; null where none did. */
  readonly arrivedBy: string | null;
  /** Whether the boundary events of the element have been armed during this visit. */
  readonly armed: boolean;
  /** Empty only while the token moves. */
  readonly waits: readonly Wait[];
  /** Answers gathered for the work at hand. */
  readonly answers: Answers | null;
  /** In phase `completing`: what the work of the element returned. */
  readonly result: Json;
  /** In phase `compensating`: what is still to be compensated, in this order. */
  readonly todo?: readonly Compensable[];
  /** Variables of the element itself, while it has data of its own and no scope for them. Absent: none. */
  readonly locals?: Variables;
  /** On a parallel multiple start event, or one behind an instantiating gateway: the position of the event definition that began the instance. */
  readonly startedBy?: number;
  /** On a subprocess that begins elsewhere than at its start events: the elements in it, at any depth, that tokens enter. Absent: it has begun, or begins as drawn. */
  readonly startAt?: readonly string[];
  /** Events that came with a migration and are still to be armed: boundary events, or events behind an event-based gateway. Absent: none. */
  readonly toArm?: readonly string[];
  /** Present while the runs of a loop or multi-instance activity are under way. */
  readonly loop?: LoopState;
}

/** `T` where `Known` are all of its fields; what is written field by field asks for it, so that none that is added is forgotten. */
export type WithOnly<T, Known extends keyof T> = [Exclude<keyof T, Known>] extends [never] ? T : never;

/**
 * `arriving`: on its way into the element. `entered`: the element's own work is to be done or under way. `completing`: the
 * work is done, its result is to be mapped. `leaving`: outgoing flows are to be chosen. A retry takes up the phase again.
 * `compensating`: handlers of compensation run, one after the other. `listening`: no token of the standard's, but the one that waits for the start of an event subprocess.
 */
export type TokenPhase = 'arriving' | 'entered' | 'completing' | 'leaving' | 'listening' | 'compensating';

/** Something a token waits for. `id` is the id of the effect that announced it; `elementId` the element it belongs to: the token's own, one of its boundary events, or an event behind an event-based gateway, the start event of an event subprocess. `part` is the position of the event definition where an event has several. */
export type Wait =
  | TimerWait
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly elementId: string;
      readonly messageName: string;
      readonly part?: number;
    }
  | {
      readonly kind: 'signal';
      readonly id: string;
      readonly elementId: string;
      readonly signalName: string;
      readonly part?: number;
    }
  | ConditionWait
  | {
      readonly kind: 'task';
      readonly id: string;
      readonly elementId: string;
      readonly type: string;
      readonly taskKind: 'job' | 'user';
    }
  | QuestionWait
  /** Variables that an element needs to begin, and that are null. */
  | { readonly kind: 'data'; readonly id: string; readonly elementId: string }
  | { readonly kind: 'call'; readonly id: string; readonly elementId: string; readonly workflowKey: string }
  | { readonly kind: 'incident'; readonly id: string; readonly elementId: string }
  /** `id` is the scope's. */
  | { readonly kind: 'children'; readonly id: string; readonly elementId: string }
  /** On a loop or multi-instance activity: the end of its runs. `id` is the token's. */
  | { readonly kind: 'runs'; readonly id: string; readonly elementId: string }
  /** An error or an escalation that a parallel multiple event has still to be thrown to it. */
  | { readonly kind: 'thrown'; readonly id: string; readonly elementId: string; readonly part: number }
  /** At a join; `id` is the token's. */
  | { readonly kind: 'join'; readonly id: string; readonly elementId: string };

export interface QuestionWait {
  readonly kind: 'question';
  readonly id: string;
  readonly elementId: string;
  readonly about: 'profile' | 'segments' | 'reach' | 'task' | 'decision';
  /** Asked for a condition that is waited for, not for the element's work: the id of its wait, and what was answered before. */
  readonly condition?: { readonly id: string; readonly user?: Json };
}

/** A condition that is evaluated when variables change that it reads. The world knows of it where it reads the user: then `id` is a subscription's. */
export interface ConditionWait {
  readonly kind: 'condition';
  readonly id: string;
  readonly elementId: string;
  readonly part?: number;
  /** Whether it was true when it was evaluated last: it happens when it becomes true. */
  readonly met: boolean;
  /** Present where it reads the user, and is evaluated when the user changes, too. */
  readonly watches?: true;
}

export interface TimerWait {
  readonly kind: 'timer';
  readonly id: string;
  readonly elementId: string;
  readonly part?: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** Number of this firing, 1 for the first. */
  readonly count: number;
  /** What the first firing was computed from, kept for a cycle that needs it again. */
  readonly answers: Answers | null;
}

/** Answers to questions, by kind; a kind that was not asked is absent. */
export interface Answers {
  readonly user?: Json;
  readonly segments?: Readonly<Record<string, boolean>>;
  readonly reach?: { readonly allowed: boolean; readonly reason?: string };
}
