import type { HistoryEvent } from '@xflow/schemas';
import { advance } from '../advance.js';
import { callWithoutStart, chooseStart } from '../choose-start.js';
import { createInstance } from '../create-instance.js';
import type { Definition, StartEvent } from '../definition.js';
import type { AskEffect, CreateTaskEffect, Effect, EndEffect, StartInstanceEffect } from '../effect.js';
import type { CallEndedInput, Input, StartInput } from '../input.js';
import type { Variables } from '../json.js';
import { nextStart } from '../timers/next-start.js';
import { isoInstant } from '../timers/iso-instant.js';
import type { HandlerOutcome, Handlers } from './handlers.js';
import { answerQuestion } from './answer-question.js';
import { EventDelivery } from './event-delivery.js';
import type { SimulatedMessage, Subscriber } from './message-board.js';
import type { Population } from './population.js';
import type { InstanceRecord } from './simulated-instance.js';
import { SimulationError } from './simulation-error.js';
import { TimerHeap } from './timer-heap.js';

/** One event of one instance; a line of a trace. */
export interface TraceRecord {
  /** RFC 3339 time. */
  readonly at: string;
  readonly instanceId: string;
  readonly user: string;
  readonly event: HistoryEvent;
}

type TimerStart = Extract<StartEvent, { kind: 'timer' }>;

type Due =
  | { readonly kind: 'timer'; readonly record: InstanceRecord; readonly timerId: string }
  | {
      readonly kind: 'start';
      readonly definition: Definition;
      readonly startEvent: TimerStart;
      readonly dueAt: number;
      readonly count: number;
    };

type Command =
  | { readonly kind: 'input'; readonly record: InstanceRecord; readonly input: Input }
  | { readonly kind: 'message'; readonly message: SimulatedMessage; readonly until: number }
  | {
      readonly kind: 'signal';
      readonly name: string;
      readonly variables: Variables | undefined;
      readonly reached: readonly Subscriber[];
    }
  | { readonly kind: 'user-changed'; readonly userId: string }
  | { readonly kind: 'job'; readonly record: InstanceRecord; readonly task: CreateTaskEffect };

/** Deepest that call activities nest; a process that calls itself ends here. */
const maxCallDepth = 50;

/** How long a message of a process is kept for one who comes to wait for it: an hour, in milliseconds. */
const messageLifetime = 3_600_000;

/**
 * What the server is to real instances: feeds inputs to `advance`, carries out the effects and answers the questions, on a
 * clock that moves only when told. Nothing happens in parallel: commands wait in one line, timers in one heap.
 */
export class Runner {
  readonly records = new Map<string, InstanceRecord>();
  readonly trace: TraceRecord[] = [];
  private readonly events: EventDelivery;
  private readonly due = new TimerHeap<Due>();
  private line: Command[] = [];
  private steps = 0;
  private stamp = { at: NaN, text: '' };

  constructor(
    readonly definitions: ReadonlyMap<string, Definition>,
    readonly population: Population,
    private readonly handlers: Handlers,
    private readonly seed: string,
    private readonly maxSteps: number,
    private readonly recording: boolean,
    /** Milliseconds since 1970. */
    public now: number,
  ) {
    this.events = new EventDelivery(this);
    for (const definition of definitions.values())
      for (const startEvent of definition.startEvents)
        if (startEvent.kind === 'timer') this.scheduleStart(definition, startEvent, now, 1);
  }

  /** Milliseconds since 1970; null: nothing is due any more. */
  get nextDueAt(): number | null {
    return this.due.nextDueAt;
  }

  record(instanceId: string): InstanceRecord {
    const record = this.records.get(instanceId);
    if (record === undefined) throw new SimulationError(`There is no instance "${instanceId}" in this simulation.`);
    return record;
  }

  start(
    definition: Definition,
    subjectId: string | null,
    input: Omit<StartInput, 'kind' | 'at'>,
    parent: InstanceRecord['parent'] = null,
    businessKey?: string,
  ): InstanceRecord {
    const instanceId = `instance-${this.records.size + 1}`;
    const state = createInstance({
      instanceId,
      // An instance that nobody was meant by is its own subject.
      subjectId: subjectId ?? instanceId,
      seed: `${this.seed}:${instanceId}`,
      ...(businessKey === undefined ? {} : { businessKey }),
    });
    const record: InstanceRecord = {
      definition,
      state,
      parent,
      history: [],
      inputs: [],
      openTimers: new Set(),
      openTasks: new Map(),
      calls: new Map(),
    };
    this.records.set(instanceId, record);
    this.feed(record, { kind: 'start', at: this.now, ...input });
    return record;
  }

  feed(record: InstanceRecord, input: Input): void {
    this.line.push({ kind: 'input', record, input });
  }

  /** Carries out everything that waits in line, and what comes of it, at the present time. */
  settle(): void {
    for (let next = 0; next < this.line.length; next += 1) {
      const command = this.line[next]!;
      switch (command.kind) {
        case 'input':
          this.step(command.record, command.input);
          break;
        case 'message':
          this.events.message(command.message, command.until);
          break;
        case 'signal':
          this.events.signal(command.name, command.variables, command.reached);
          break;
        case 'user-changed':
          this.events.userChange(command.userId);
          break;
        case 'job':
          this.doJob(command.record, command.task);
          break;
      }
    }
    this.line = [];
  }

  /** Moves the clock to the next thing that is due, and carries it out. */
  fireNext(): void {
    const dueAt = this.due.nextDueAt;
    const due = this.due.pop();
    if (dueAt === null || due === null) return;
    this.now = Math.max(this.now, dueAt);
    if (due.kind === 'timer') {
      if (due.record.openTimers.delete(due.timerId))
        this.feed(due.record, { kind: 'timer-due', at: this.now, timerId: due.timerId });
    } else {
      this.start(due.definition, null, { startEventId: due.startEvent.id });
      this.scheduleStart(due.definition, due.startEvent, due.dueAt, due.count + 1);
    }
    this.settle();
  }

  publish(message: SimulatedMessage, until: number): void {
    this.events.message(message, until);
    this.settle();
  }

  broadcast(name: string, variables?: Variables): void {
    this.events.signal(name, variables, this.events.hearersOf(name));
    this.settle();
  }

  /** Something about the user has changed that conditions may read. */
  userChanged(userId: string): void {
    this.line.push({ kind: 'user-changed', userId });
  }

  private scheduleStart(definition: Definition, startEvent: TimerStart, after: number, count: number): void {
    const next = nextStart(startEvent, after, count);
    if (!next.ok)
      throw new SimulationError(
        `Start event "${startEvent.id}" of workflow "${definition.key}": ${next.reason} ${next.remedy}`,
      );
    if (next.dueAt !== null)
      this.due.push(next.dueAt, { kind: 'start', definition, startEvent, dueAt: next.dueAt, count: next.count });
  }

  /** One step: an input, and the answers to all questions that it leads to. */
  private step(record: InstanceRecord, first: Input): void {
    const inputs: Input[] = [first];
    for (let next = 0; next < inputs.length; next += 1) {
      this.countStep();
      const input = inputs[next]!;
      const { state, effects, events } = advance(record.definition, record.state, input);
      if (state === record.state) continue;
      record.state = state;
      if (this.recording) {
        record.inputs.push(input);
        for (const event of events) this.tell(record, event);
      }
      for (const effect of effects) {
        if (effect.kind === 'ask')
          inputs.push(answerQuestion(record, effect, this.population, this.handlers, this.now));
        else this.carryOut(record, effect);
      }
    }
  }

  private countStep(): void {
    this.steps += 1;
    if (this.steps > this.maxSteps)
      throw new SimulationError(
        `The simulation took ${this.maxSteps} steps and has not come to rest. Look for a cycle that never ends, or raise maxSteps.`,
      );
  }

  private tell(record: InstanceRecord, event: HistoryEvent): void {
    if (this.stamp.at !== this.now) this.stamp = { at: this.now, text: isoInstant(this.now) };
    const { instanceId, subjectId } = record.state;
    record.history.push(event);
    this.trace.push({ at: this.stamp.text, instanceId, user: subjectId, event });
  }

  private carryOut(record: InstanceRecord, effect: Exclude<Effect, AskEffect>): void {
    const { instanceId, subjectId } = record.state;
    switch (effect.kind) {
      case 'schedule-timer':
        record.openTimers.add(effect.timerId);
        this.due.push(effect.dueAt, { kind: 'timer', record, timerId: effect.timerId });
        break;
      case 'cancel-timer':
        record.openTimers.delete(effect.timerId);
        break;
      case 'open-subscription':
        this.events.open(record, effect);
        break;
      case 'close-subscription':
        this.events.close(instanceId, effect.subscriptionId);
        break;
      case 'publish-message': {
        const message = { name: effect.messageName, key: effect.correlationKey, variables: effect.variables };
        this.line.push({ kind: 'message', message, until: this.now + messageLifetime });
        break;
      }
      case 'broadcast-signal':
        this.line.push({
          kind: 'signal',
          name: effect.signalName,
          variables: effect.variables,
          reached: this.events.hearersOf(effect.signalName),
        });
        break;
      case 'escalate':
        if (record.parent !== null)
          this.feed(this.record(record.parent.instanceId), {
            kind: 'call-escalated',
            at: this.now,
            callId: record.parent.callId,
            code: effect.code,
          });
        break;
      case 'create-task':
        record.openTasks.set(effect.taskId, effect);
        if (effect.taskKind === 'job') this.line.push({ kind: 'job', record, task: effect });
        break;
      case 'cancel-task':
        record.openTasks.delete(effect.taskId);
        break;
      case 'change-user':
        if (this.population.apply(subjectId, effect.change)) this.userChanged(subjectId);
        break;
      case 'start-instance':
        this.call(record, effect);
        break;
      case 'cancel-instance': {
        const called = record.calls.get(effect.callId);
        if (called !== undefined) this.feed(this.record(called), { kind: 'cancelled', at: this.now });
        break;
      }
      case 'raise-incident':
      case 'resolve-incident':
      case 'rename-elements':
        break;
      case 'end':
        this.tellCaller(record, effect);
        break;
    }
  }

  private doJob(record: InstanceRecord, task: CreateTaskEffect): void {
    const { taskId, type, elementId, elementName, config, input } = task;
    if (!record.openTasks.has(taskId)) return;
    const user = this.population.profile(record.state.subjectId);
    const outcome = this.handlers.job({
      type,
      elementId,
      elementName,
      config,
      headers: config,
      input,
      user,
      at: this.now,
    });
    if (outcome !== null) this.finishTask(record, taskId, outcome);
  }

  finishTask(record: InstanceRecord, taskId: string, outcome: HandlerOutcome): void {
    const at = this.now;
    record.openTasks.delete(taskId);
    if ('failure' in outcome) this.feed(record, { kind: 'task-failed', at, taskId, reason: outcome.failure });
    else if ('error' in outcome) this.feed(record, { kind: 'task-threw-error', at, taskId, ...outcome.error });
    else this.feed(record, { kind: 'task-completed', at, taskId, result: outcome.result ?? null });
  }

  private call(record: InstanceRecord, { callId, workflowKey, variables }: StartInstanceEffect): void {
    const definition = this.definitions.get(workflowKey);
    const depth = (record.parent?.depth ?? 0) + 1;
    const { instanceId, subjectId } = record.state;
    const choice = definition === undefined ? null : chooseStart(definition, undefined);
    if (definition !== undefined && choice?.ok === true && depth <= maxCallDepth) {
      const called = this.start(definition, subjectId, { variables }, { instanceId, callId, depth });
      record.calls.set(callId, called.state.instanceId);
      return;
    }
    const message =
      definition === undefined
        ? `The simulation has no workflow "${workflowKey}". Give its definition, too.`
        : choice?.ok === false
          ? callWithoutStart(choice)
          : `Calls nest deeper than ${maxCallDepth}. Look for a process that calls itself.`;
    const error = { code: 'not-started', message };
    this.feed(record, { kind: 'call-ended', at: this.now, callId, outcome: 'not-started', error });
  }

  private tellCaller({ parent }: InstanceRecord, { outcome, variables, error }: EndEffect): void {
    if (parent === null) return;
    const input: CallEndedInput = {
      kind: 'call-ended',
      at: this.now,
      callId: parent.callId,
      outcome,
      variables,
      ...(error === undefined ? {} : { error }),
    };
    this.feed(this.record(parent.instanceId), input);
  }
}
