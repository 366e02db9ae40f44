import { advance } from '../src/advance.js';
import { createInstance } from '../src/create-instance.js';
import type { Definition } from '../src/definition.js';
import type { Effect, Incident } from '../src/effect.js';
import type { HistoryEvent } from '../src/index.js';
import type { Input, IncidentResolution } from '../src/input.js';
import { inspect, type Inspection } from '../src/inspect.js';
import type { InstanceState } from '../src/instance-state.js';
import { stateFromJson, stateToJson, type StoredState } from '../src/state-json.js';
import type { Json, Variables } from '../src/json.js';
import type { Question } from '../src/question.js';
import { compileOne } from './bpmn.js';
import { checkStep, deepFreeze } from './check-step.js';

/** Answers a question; undefined leaves it open. */
export type Answering = (question: Question) => Json | undefined;

/** Drives one instance by hand; every step is checked, on frozen arguments and a state that went through JSON. */
export class Drive {
  readonly effects: Effect[] = [];
  readonly events: HistoryEvent[] = [];
  readonly inputs: Input[] = [];
  at = Date.UTC(2026, 0, 5, 9);
  private readonly seen = new Set<string>();

  constructor(
    readonly definition: Definition,
    private readonly answering: Answering = () => undefined,
    public state: InstanceState = createInstance({ instanceId: 'i1', subjectId: 'ada' }),
  ) {}

  /** Compiles the file and starts an instance. */
  static async start(xml: string, variables: Variables = {}, answering?: Answering): Promise<Drive> {
    return new Drive(await compileOne(xml), answering).start(variables);
  }

  start(variables: Variables = {}): this {
    return this.feed({ kind: 'start', at: this.at, variables });
  }

  feed(first: Input): this {
    const inputs = [first];
    for (const input of inputs) {
      this.inputs.push(input);
      const before = deepFreeze(stateFromJson(JSON.parse(stateToJson(this.state)) as StoredState));
      const after = advance(this.definition, before, deepFreeze(input));
      checkStep(this.definition, before, after, this.seen);
      this.state = after.state;
      for (const effect of after.effects) this.effects.push(effect);
      for (const event of after.events) this.events.push(event);
      for (const effect of after.effects) {
        const answer = effect.kind === 'ask' ? this.answering(effect.question) : undefined;
        if (effect.kind === 'ask' && answer !== undefined)
          inputs.push({ kind: 'answered', at: this.at, questionId: effect.questionId, answer });
      }
    }
    return this;
  }

  /** Fires the timer of an element at its time. */
  timer(elementId: string): this {
    const timer = this.last('schedule-timer', elementId);
    this.at = Math.max(this.at, timer.dueAt);
    return this.feed({ kind: 'timer-due', at: this.at, timerId: timer.timerId });
  }
  message(elementId: string, variables: Variables = {}): this {
    const { subscriptionId } = this.last('open-subscription', elementId);
    return this.feed({ kind: 'message', at: this.at, subscriptionId, variables });
  }
  signal(elementId: string, variables: Variables = {}): this {
    const { subscriptionId } = this.last('open-subscription', elementId);
    return this.feed({ kind: 'signal', at: this.at, subscriptionId, variables });
  }
  complete(elementId: string, result: Json = null): this {
    return this.feed({
      kind: 'task-completed',
      at: this.at,
      taskId: this.last('create-task', elementId).taskId,
      result,
    });
  }
  fail(elementId: string, reason = 'The card was refused.'): this {
    return this.feed({ kind: 'task-failed', at: this.at, taskId: this.last('create-task', elementId).taskId, reason });
  }
  throwError(elementId: string, code: string, variables: Variables = {}): this {
    const { taskId } = this.last('create-task', elementId);
    return this.feed({ kind: 'task-threw-error', at: this.at, taskId, code, variables });
  }
  answer(elementId: string, answer: Json): this {
    return this.feed({ kind: 'answered', at: this.at, questionId: this.last('ask', elementId).questionId, answer });
  }
  resolve(resolution: IncidentResolution, variables?: Variables): this {
    return this.feed({
      kind: 'incident-resolved',
      at: this.at,
      incidentId: this.incident.id,
      resolution,
      ...(variables === undefined ? {} : { variables }),
    });
  }
  cancel(): this {
    return this.feed({ kind: 'cancelled', at: this.at });
  }

  /** The last effect of this kind for the element. */
  last<Kind extends Effect['kind']>(kind: Kind, elementId: string): Extract<Effect, { kind: Kind }> {
    const effect = this.effects.findLast(
      (effect) => effect.kind === kind && 'elementId' in effect && effect.elementId === elementId,
    );
    if (effect === undefined) throw new Error(`Expected an effect ${kind} for ${elementId}.`);
    return effect as Extract<Effect, { kind: Kind }>;
  }

  /** All effects of this kind. */
  all<Kind extends Effect['kind']>(kind: Kind): Extract<Effect, { kind: Kind }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind);
  }

  get view(): Inspection {
    return inspect(this.definition, this.state);
  }
  get status(): string {
    return this.state.status;
  }
  get waitingAt(): readonly string[] {
    return this.view.waitingAt;
  }
  get variables(): Variables {
    return this.view.variables;
  }
  get incident(): Incident {
    const [incident, ...others] = this.state.incidents;
    if (incident === undefined || others.length > 0) throw new Error('Expected exactly one incident.');
    return incident;
  }
  /** Completed elements in order. */
  get passed(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'element-completed' ? [event.elementId] : []));
  }
}
