import { chooseStart } from '../choose-start.js';
import type { Definition } from '../definition.js';
import type { Decision } from '../dmn/decision.js';
import type { IncidentResolution } from '../input.js';
import { isObject } from '../json.js';
import type { Json, Variables } from '../json.js';
import { addDuration, parseDateTime, parseDuration } from '../timers/iso-8601.js';
import { Handlers, type SimulatedHandler } from './handlers.js';
import type { SimulatedMessage } from './message-board.js';
import { Population, type SimulatedUser, type SimulatedUserState } from './population.js';
import { Runner, type TraceRecord } from './runner.js';
import { showInstance, type InstanceRecord, type SimulatedInstance } from './simulated-instance.js';
import { SimulationError } from './simulation-error.js';

export interface SimulationOptions {
  /** All workflows that run, called ones included. */
  readonly definitions: readonly Definition[];
  /** The time at which the simulation begins: ISO 8601, or milliseconds since 1970. */
  readonly now: string | number;
  readonly seed: string;
  readonly users?: readonly SimulatedUser[];
  /** By task type. Without one, a question gets the answer of a runner with nothing around it, a job `send-*` succeeds, and any other job stays open. */
  readonly handlers?: Readonly<Record<string, SimulatedHandler>>;
  /** What business rule tasks may ask. */
  readonly decisions?: readonly Decision[];
  /** Whether to keep what happened: every instance's history and inputs, and the trace. Default true; without, a hundred thousand users fit into memory. */
  readonly recording?: boolean;
  /** Most calls of `advance` before the simulation gives up; default 1,000,000. */
  readonly maxSteps?: number;
}

/** Which open task, by element; of several the one that was created first. */
export interface TaskSelector {
  readonly element: string;
  readonly user?: string;
  readonly instanceId?: string;
}
/** Which open incident; of several the one that was raised first. */
export interface IncidentSelector {
  readonly user?: string;
  readonly element?: string;
  readonly instanceId?: string;
}

/**
 * Workflows run on a virtual clock for users that exist only here, with the same `advance` as in production. The same calls
 * give the same trace. Every method leaves the simulation at rest; what cannot be done throws a {@link SimulationError}.
 */
export interface Simulation {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Starts an instance, and returns its id. Without a user it is its own subject. `startEvent` names one of several none start events. */
  start(
    workflowKey: string,
    options?: {
      readonly user?: string;
      readonly variables?: Variables;
      readonly businessKey?: string;
      readonly startEvent?: string;
    },
  ): string;
  /** Fires everything that is due until then, in order, each at its own time. */
  advanceTo(time: string | number): void;
  /** The same, for an ISO 8601 duration from now. */
  advanceBy(duration: string): void;
  /** Moves the clock for as long as anything is due. */
  runToRest(): void;
  /** To all who wait for it and to message start events of the user with this key; else kept for `ttlSeconds` (default: for ever). */
  publishMessage(name: string, message: Omit<SimulatedMessage, 'name'> & { readonly ttlSeconds?: number }): void;
  /** To all who wait for the signal now, and to signal start events. */
  broadcastSignal(name: string, variables?: Variables): void;
  /** Sets what is given about a user, attributes beside those that are there; conditions that read the user are looked at again. */
  changeUser(userId: string, change: Omit<SimulatedUser, 'id'>): void;
  completeTask(task: TaskSelector & { readonly variables?: Variables; readonly result?: Json }): void;
  failTask(task: TaskSelector & { readonly reason: string }): void;
  throwError(task: TaskSelector & { readonly code: string; readonly message?: string }): void;
  resolveIncident(incident: IncidentSelector & IncidentResolution & { readonly variables?: Variables }): void;
  /** Begins an activity of an ad-hoc subprocess. */
  activate(activity: {
    readonly element: string;
    readonly user?: string;
    readonly instanceId?: string;
    readonly variables?: Variables;
  }): void;
  cancel(instanceId: string): void;
  instance(instanceId: string): SimulatedInstance;
  /** All instances in the order of their start. */
  instances(): readonly SimulatedInstance[];
  user(userId: string): SimulatedUserState;
  /** Every event of every instance, in order. */
  readonly trace: readonly TraceRecord[];
}

export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, users = [], handlers = {}, maxSteps = 1_000_000, recording = true } = options;
  const definitions = new Map(options.definitions.map((definition) => [definition.key, definition]));
  const population = new Population(users);
  const runner = new Runner(
    definitions,
    population,
    new Handlers(handlers, population, options.decisions),
    seed,
    maxSteps,
    recording,
    instantOf(options.now),
  );

  function advanceTo(time: string | number): void {
    const target = instantOf(time);
    if (target < runner.now)
      throw new SimulationError(`The clock is past ${String(time)} already. Time moves forward only.`);
    for (let dueAt = runner.nextDueAt; dueAt !== null && dueAt <= target; dueAt = runner.nextDueAt) runner.fireNext();
    runner.now = target;
  }

  function requireUser(id: string): void {
    if (!population.has(id))
      throw new SimulationError(`There is no user "${id}" in this simulation. Add the user to users.`);
  }

  function openTask({ element, user, instanceId }: TaskSelector): { record: InstanceRecord; taskId: string } {
    for (const record of selected(user, instanceId))
      for (const task of record.openTasks.values())
        if (task.elementId === element) return { record, taskId: task.taskId };
    const whose = user === undefined ? '' : ` for user "${user}"`;
    throw new SimulationError(`No task is open at element "${element}"${whose}. Bring an instance there first.`);
  }

  function selected(user: string | undefined, instanceId: string | undefined): readonly InstanceRecord[] {
    const records = instanceId === undefined ? [...runner.records.values()] : [runner.record(instanceId)];
    return user === undefined ? records : records.filter(({ state }) => state.subjectId === user);
  }

  return {
    get now() {
      return runner.now;
    },

    start(workflowKey, { user, variables, businessKey, startEvent } = {}) {
      const definition = definitions.get(workflowKey);
      if (definition === undefined) {
        const known = [...definitions.keys()].map((key) => `"${key}"`).join(', ');
        throw new SimulationError(`There is no workflow "${workflowKey}" in this simulation. It has ${known}.`);
      }
      if (user !== undefined) requireUser(user);
      const choice = chooseStart(definition, startEvent);
      if (!choice.ok) throw new SimulationError(`${choice.message} ${choice.remedy}`);
      const record = runner.start(
        definition,
        user ?? null,
        { ...choice.input, ...(variables === undefined ? {} : { variables }) },
        null,
        businessKey,
      );
      runner.settle();
      return record.state.instanceId;
    },

    advanceTo,

    advanceBy(duration) {
      const parsed = parseDuration(duration);
      const target = parsed === null ? null : addDuration(runner.now, parsed);
      if (target === null)
        throw new SimulationError(
          `"${duration}" is no ISO 8601 duration. Write P3D for three days, PT2H for two hours.`,
        );
      advanceTo(target);
    },

    runToRest() {
      while (runner.nextDueAt !== null) runner.fireNext();
    },

    publishMessage(name, { ttlSeconds, ...message }) {
      runner.publish({ name, ...message }, ttlSeconds === undefined ? Infinity : runner.now + ttlSeconds * 1000);
    },

    broadcastSignal(name, variables) {
      runner.broadcast(name, variables);
    },

    changeUser(userId, change) {
      requireUser(userId);
      if (population.update(userId, change)) runner.userChanged(userId);
      runner.settle();
    },

    completeTask({ variables, result, ...selector }) {
      const { record, taskId } = openTask(selector);
      const merged = isObject(result) && variables !== undefined ? { ...result, ...variables } : undefined;
      runner.finishTask(record, taskId, { result: merged ?? result ?? variables ?? null });
      runner.settle();
    },

    failTask({ reason, ...selector }) {
      const { record, taskId } = openTask(selector);
      runner.finishTask(record, taskId, { failure: reason });
      runner.settle();
    },

    throwError({ code, message, ...selector }) {
      const { record, taskId } = openTask(selector);
      runner.finishTask(record, taskId, { error: { code, ...(message === undefined ? {} : { message }) } });
      runner.settle();
    },

    resolveIncident({ user, element, instanceId, variables, ...resolution }) {
      for (const record of selected(user, instanceId)) {
        const incident = record.state.incidents.find(({ elementId }) => element === undefined || elementId === element);
        if (incident === undefined) continue;
        if (resolution.action === 'take-flow' && !incident.choices.includes(resolution.flowId))
          throw new SimulationError(
            `The incident at element "${incident.elementId}" cannot be resolved by sequence flow "${resolution.flowId}". It offers: ${incident.choices.join(', ') || 'none, only a retry'}.`,
          );
        runner.feed(record, {
          kind: 'incident-resolved',
          at: runner.now,
          incidentId: incident.id,
          resolution,
          ...(variables === undefined ? {} : { variables }),
        });
        runner.settle();
        return;
      }
      throw new SimulationError(
        `No incident is open${element === undefined ? '' : ` at element "${element}"`}${user === undefined ? '' : ` for user "${user}"`}.`,
      );
    },

    activate({ element, user, instanceId, variables }) {
      for (const record of selected(user, instanceId)) {
        const { state } = record;
        const given = variables === undefined ? {} : { variables };
        runner.feed(record, { kind: 'activate', at: runner.now, elementId: element, ...given });
        runner.settle();
        if (record.state !== state) return;
      }
      throw new SimulationError(
        `Activity "${element}" cannot begin: no ad-hoc subprocess that contains it is open, or a sequence flow leads to it.`,
      );
    },

    cancel(instanceId) {
      runner.feed(runner.record(instanceId), { kind: 'cancelled', at: runner.now });
      runner.settle();
    },

    instance: (instanceId) => showInstance(runner.record(instanceId)),
    instances: () => [...runner.records.values()].map(showInstance),
    user: (userId) => population.get(userId),
    trace: runner.trace,
  };
}

function instantOf(time: string | number): number {
  const instant = typeof time === 'number' ? time : parseDateTime(time);
  if (instant === null || !Number.isFinite(instant))
    throw new SimulationError(`"${time}" is no ISO 8601 time. Write for example 2026-01-05T09:00:00Z.`);
  return instant;
}
