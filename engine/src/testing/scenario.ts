import type { HandlerOutcome } from '../simulation/handlers.js';
import type { SimulatedUser } from '../simulation/population.js';
import type { Variables } from '../json.js';

/** A story that workflows must tell: who there is, what happens when, and what has come of it. The content of a scenario.json. */
export interface Scenario {
  /** When the story begins; RFC 3339 time. */
  readonly now: string;
  readonly seed: string;
  readonly users: readonly SimulatedUser[];
  /** Further BPMN files beside the one under test, for whoever loads the files. */
  readonly workflows?: readonly string[];
  /** DMN files, likewise. */
  readonly decisions?: readonly string[];
  /** What work comes to, by task type: always the same, or one outcome a call. */
  readonly handlers?: Readonly<Record<string, HandlerOutcome | readonly HandlerOutcome[]>>;
  readonly steps: readonly ScenarioStep[];
  readonly expect: readonly Expectation[];
}

export type ScenarioStep =
  /** `workflow` may be left out where there is only one, `startEvent` where it has one none start event. */
  | {
      readonly start: {
        readonly workflow?: string;
        readonly user: string;
        readonly variables?: Variables;
        readonly startEvent?: string;
      };
    }
  /** ISO 8601 duration. */
  | { readonly advanceBy: string }
  /** RFC 3339 time. */
  | { readonly advanceTo: string }
  | { readonly publishMessage: { readonly name: string; readonly key: string; readonly variables?: Variables } }
  | { readonly broadcastSignal: { readonly name: string; readonly variables?: Variables } }
  /** What is given is set, attributes beside those that are there. */
  | { readonly changeUser: { readonly user: string } & Omit<SimulatedUser, 'id'> }
  | { readonly completeTask: { readonly user?: string; readonly element: string; readonly variables?: Variables } }
  | { readonly failTask: { readonly user?: string; readonly element: string; readonly reason: string } }
  | { readonly throwError: { readonly user?: string; readonly element: string; readonly code: string } }
  | {
      readonly resolveIncident: {
        readonly user?: string;
        readonly element?: string;
        readonly action: 'retry' | 'take-flow';
        /** With `take-flow`. */
        readonly flowId?: string;
        readonly variables?: Variables;
      };
    }
  | { readonly cancel: { readonly workflow?: string; readonly user: string } };

/** About the instance that was started last for the user (called ones aside, unless `workflow` names theirs), and the user. */
export interface Expectation {
  readonly user: string;
  readonly workflow?: string;
  readonly status?: 'active' | 'completed' | 'terminated' | 'cancelled' | 'error';
  /** Elements completed and sequence flows taken. */
  readonly passed?: readonly string[];
  readonly notPassed?: readonly string[];
  /** Exactly the elements where tokens rest. */
  readonly waitingAt?: readonly string[];
  /** These variables, among others. */
  readonly variables?: Variables;
  readonly stage?: string | null;
  readonly tier?: string | null;
  /** These tags, among others. */
  readonly tags?: readonly string[];
  /** Exactly the types of the open incidents. */
  readonly incidents?: readonly string[];
}
