import type { IncidentType } from '../effect.js';
import type { Json, Variables } from '../json.js';
import type { SimulatedInstance } from '../simulation/simulated-instance.js';
import { sameJson } from './same-json.js';

/** What the matchers add to `expect(simulation.instance(id))`. */
export interface ProcessMatchers<Result> {
  /** These elements were completed, and these sequence flows taken, in this order; others may come between. With `not`: none of them. */
  toHavePassed(...ids: readonly string[]): Result;
  /** A token rests at each of these elements; others may rest elsewhere. */
  toBeWaitingAt(...elementIds: readonly string[]): Result;
  /** An incident is open: at this element, of this type, where they are given. */
  toHaveIncident(elementId?: string, type?: IncidentType): Result;
  /** The instance came to its end by itself: all its tokens are gone. */
  toHaveCompleted(): Result;
  /** These variables of the process have these values; there may be others. */
  toHaveVariables(variables: Variables): Result;
}

/** What Jest and Vitest ask of a matcher. */
interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}
interface MatcherContext {
  readonly isNot?: boolean;
}

/** For `expect.extend(matchers)`, of Jest and of Vitest. */
export const matchers = {
  toHavePassed(this: MatcherContext, received: unknown, ...ids: readonly string[]): Verdict {
    const instance = instanceIn(received, 'toHavePassed');
    const passed = passedBy(instance);
    if (this.isNot === true) {
      const found = ids.filter((id) => passed.includes(id));
      return verdict(found.length > 0, instance, `not to have passed ${quoted(ids)}, but it passed ${quoted(found)}`);
    }
    let next = 0;
    for (const id of passed) if (id === ids[next]) next += 1;
    const first = ids[next];
    if (first === undefined) return verdict(true, instance, '');
    const why = passed.includes(first)
      ? `"${first}" was passed, but not after ${quoted(ids.slice(0, next))}`
      : `"${first}" was not passed`;
    return verdict(false, instance, `to have passed ${quoted(ids)}, but ${why}`);
  },

  toBeWaitingAt(this: MatcherContext, received: unknown, ...elementIds: readonly string[]): Verdict {
    const instance = instanceIn(received, 'toBeWaitingAt');
    const found = elementIds.filter((id) => instance.waitingAt.includes(id));
    if (this.isNot === true)
      return verdict(
        found.length > 0,
        instance,
        `not to wait at ${quoted(elementIds)}, but a token is at ${quoted(found)}`,
      );
    const missing = elementIds.filter((id) => !found.includes(id));
    return verdict(
      missing.length === 0,
      instance,
      `to wait at ${quoted(elementIds)}, but no token is at ${quoted(missing)}`,
    );
  },

  toHaveIncident(this: MatcherContext, received: unknown, elementId?: string, type?: IncidentType): Verdict {
    const instance = instanceIn(received, 'toHaveIncident');
    const pass = instance.incidents.some(
      (incident) =>
        (elementId === undefined || incident.elementId === elementId) && (type === undefined || incident.type === type),
    );
    const what = `an incident${type === undefined ? '' : ` ${type}`}${elementId === undefined ? '' : ` at "${elementId}"`}`;
    return verdict(pass, instance, `${this.isNot === true ? 'not ' : ''}to have ${what}`);
  },

  toHaveCompleted(this: MatcherContext, received: unknown): Verdict {
    const instance = instanceIn(received, 'toHaveCompleted');
    return verdict(
      instance.status === 'completed',
      instance,
      `${this.isNot === true ? 'not ' : ''}to have completed, but its status is "${instance.status}"`,
    );
  },

  toHaveVariables(this: MatcherContext, received: unknown, variables: Variables): Verdict {
    const instance = instanceIn(received, 'toHaveVariables');
    const wrong = Object.entries(variables).filter(([name, value]) => !sameJson(valueOf(instance, name), value));
    const found = wrong.map(([name, value]) => {
      const actual = valueOf(instance, name);
      return `"${name}" is ${actual === undefined ? 'not there' : JSON.stringify(actual)} in place of ${JSON.stringify(value)}`;
    });
    const expected = `${this.isNot === true ? 'not ' : ''}to have variables ${JSON.stringify(variables)}`;
    return verdict(
      wrong.length === 0,
      instance,
      found.length === 0 ? expected : `${expected}, but ${found.join(', ')}`,
    );
  },
};

/** Elements completed and sequence flows taken, in their order. */
function passedBy({ history }: SimulatedInstance): readonly string[] {
  return history.flatMap((event) => {
    if (event.kind === 'element-completed') return [event.elementId];
    return event.kind === 'flow-taken' ? [event.flowId] : [];
  });
}

function valueOf({ variables }: SimulatedInstance, name: string): Json | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function instanceIn(received: unknown, matcher: string): SimulatedInstance {
  if (typeof received === 'object' && received !== null && 'history' in received && 'waitingAt' in received)
    return received as SimulatedInstance;
  throw new TypeError(
    `${matcher} is about one instance of a simulation. Write expect(simulation.instance(id)).${matcher}(...), with the id that start returned.`,
  );
}

const quoted = (ids: readonly string[]) => (ids.length === 0 ? 'nothing' : ids.map((id) => `"${id}"`).join(', '));

function verdict(pass: boolean, instance: SimulatedInstance, expectation: string): Verdict {
  return {
    pass,
    message: () =>
      `Expected ${instance.id} of workflow "${instance.workflowKey}" ${expectation}.\n\n${portrait(instance)}`,
  };
}

/** What one wants to see when an expectation is not met. */
function portrait(instance: SimulatedInstance): string {
  const { status, history, waitingAt, incidents, variables } = instance;
  const completed = history.flatMap((event) => (event.kind === 'element-completed' ? [event.elementId] : []));
  const lines = [
    `Status:     ${status}`,
    `Passed:     ${completed.join(' -> ') || 'nothing'}`,
    `Waiting at: ${waitingAt.join(', ') || 'nothing'}`,
    ...incidents.map(({ type, reason, remedy }) => `Incident:   ${type}: ${reason} ${remedy}`),
    `Variables:  ${JSON.stringify(variables)}`,
  ];
  return lines.join('\n');
}
