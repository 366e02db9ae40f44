import { setTimeout as sleep } from 'node:timers/promises';
import type { BroadcastSignalResponse, StartResponse } from '@xflow/schemas';
import type { Dice } from '../../engine/test/random/dice.js';
import {
  acceptName,
  courseOf,
  eventName,
  journeyKey,
  messageName,
  quietKey,
  signalName,
  untilMessage,
  type Course,
} from './journey.js';
import type { Publisher } from './publisher.js';

/** Milliseconds after which a request is given up: it may or may not have been done. */
const patience = 10_000;
/** Milliseconds from one signal to the next. */
const tickEvery = 1_000;

/** What the callers know of one user's instance. */
export interface Ticket {
  readonly userId: string;
  readonly course: Course;
  /** Whether the start carried an Idempotency-Key, and was sent until it was answered. */
  readonly keyed: boolean;
  /** The instance that was promised; null: no promise was made. */
  instanceId: string | null;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface LoadOptions {
  readonly instances: number;
  /** Callers at a time. */
  readonly callers: number;
  /** Starts a second, in all. */
  readonly rate: number;
  /** Longest that callers come, in milliseconds: then no further ones do. */
  readonly atMost: number;
}

/**
 * The callers: backends that start an instance for every user, and send each its messages and its event, through whichever server
 * answers, or through the broker. Whoever gets no answer asks again with the same key; a few do not, and some ask for what must be refused.
 */
export class Load {
  readonly tickets: Ticket[] = [];
  /** Users that do not exist: their starts must be refused, and leave nothing. */
  readonly refusedUsers: string[] = [];
  /** Instances that were promised in answer to signals. */
  readonly tickInstances: string[] = [];
  /** Signals that were sent, each with its number. */
  ticks = 0;
  /** Ids of what was published and can never be taken in. */
  readonly poison: string[] = [];
  /** Instances that nobody was to move on but the servers themselves. */
  readonly quietInstances: string[] = [];
  /** Requests that were answered with success. */
  acknowledged = 0;
  /** Requests that were sent again. */
  repeated = 0;
  /** What was answered and should not have been. */
  readonly surprises: string[] = [];
  private readonly successes: { sentAt: number; answeredAt: number }[] = [];
  private readonly running = new Set<Promise<void>>();
  private over = false;
  private begun = 0;
  private ticking = true;

  constructor(
    private readonly urls: () => readonly string[],
    private readonly publisher: Publisher | null,
    private readonly dice: Dice,
    private readonly options: LoadOptions,
  ) {}

  /** How much of the load has begun: from 0 to 1. It lags behind the rate where the servers do not keep up. */
  get progress(): number {
    const { instances, atMost } = this.options;
    const byTime = this.begun === 0 ? 0 : (Date.now() - this.begun) / atMost;
    return Math.max(this.tickets.length / instances, byTime);
  }

  /** Resolves when every caller has done what it came for. */
  async run(): Promise<void> {
    const began = Date.now();
    this.begun = began;
    const { instances, rate, callers, atMost } = this.options;
    for (let index = 0; index < instances && !this.over && Date.now() < began + atMost; index += 1) {
      await sleep(Math.max(0, began + (index / rate) * 1_000 - Date.now()));
      while (this.running.size >= callers) await Promise.race(this.running);
      const caller = this.serve(index).finally(() => this.running.delete(caller));
      this.running.add(caller);
    }
    await Promise.all(this.running);
  }

  /** Sends the signal again and again, until told to stop. */
  async tick(): Promise<void> {
    for (; this.ticking; await sleep(tickEvery)) {
      const answer = await this.ask('/signals', { name: signalName, variables: { tick: this.ticks++ } });
      if (answer?.status === 200)
        this.tickInstances.push(...(answer.body as BroadcastSignalResponse).startedInstanceIds);
      else this.notice('/signals', answer);
    }
  }

  stopTicking(): void {
    this.ticking = false;
  }

  /** Starts some more that nothing but the servers' own alarms moves on. */
  async startQuietly(users: readonly string[]): Promise<void> {
    await Promise.all(
      users.map(async (userId) => {
        const started = await this.insist(`/workflows/${quietKey}/start`, { userId }, { 'idempotency-key': userId });
        if (started?.status === 201) this.quietInstances.push((started.body as StartResponse).instances[0]!.id);
      }),
    );
  }

  /** Callers that are still asking give up. */
  stop(): void {
    this.over = true;
    void this.publisher?.close();
  }

  /** Milliseconds from `moment` until a request that was sent after it was answered with success; null: none was. */
  recovery(moment: number): number | null {
    let first = Infinity;
    for (const { sentAt, answeredAt } of this.successes)
      if (sentAt >= moment) first = Math.min(first, answeredAt - moment);
    return first === Infinity ? null : first;
  }

  private async serve(index: number): Promise<void> {
    const { dice } = this;
    // All that chance decides is decided at once: the same seed makes the same load, however the answers come.
    const [isGhost, isPoison, keyed] = [dice.chance(0.02), dice.chance(0.02), !dice.chance(0.2)];
    const course = courseOf(index);
    const [pause, pauseBeforeEvent] = [this.pauseBeforeMessage(course), dice.below(2 * untilMessage(course))];
    const [routeOfMessage, routeOfEvent] = [this.chooseRoute(), this.chooseRoute()];
    const userId = `user-${index}`;
    const ticket: Ticket = { userId, course, keyed, instanceId: null };
    this.tickets.push(ticket);
    if (isGhost) await this.startForNobody(`ghost-${index}`);
    if (isPoison) await this.publishPoison(`poison-${index}`);
    const ttlSeconds = 86_400;
    const message = (name: string): object => ({
      name,
      correlationKey: userId,
      messageId: `${name} ${userId}`,
      ttlSeconds,
    });
    // Kept for the instance, which never has to wait for it: its timers must not fire.
    if (!course.declines) await this.insist('/messages', message(acceptName));
    await this.start(ticket);
    await Promise.all([
      sleep(pause).then(() => this.send(routeOfMessage, '/messages', 'message', message(messageName))),
      sleep(pauseBeforeEvent).then(() =>
        this.send(routeOfEvent, '/events', 'event', { userId, name: eventName, id: `visit of ${userId}` }),
      ),
    ]);
  }

  private async start(ticket: Ticket): Promise<void> {
    const path = `/workflows/${journeyKey}/start`;
    const body = { userId: ticket.userId, variables: ticket.course };
    const answer = ticket.keyed
      ? await this.insist(path, body, { 'idempotency-key': ticket.userId })
      : await this.ask(path, body);
    if (answer?.status === 201) ticket.instanceId = (answer.body as StartResponse).instances[0]!.id;
    else if (!ticket.keyed) this.notice(path, answer);
  }

  /** Before the instance waits for the message, at the very moment when it begins to, or after. */
  private pauseBeforeMessage(course: Course): number {
    const until = untilMessage(course);
    return this.dice.chance(0.5) ? until - 20 + this.dice.below(80) : this.dice.below(2 * until);
  }

  /** Over HTTP, through the broker, or both ways at once. */
  private chooseRoute(): { readonly http: boolean; readonly broker: boolean } {
    const way = this.dice.below(5);
    return this.publisher ? { http: way < 3, broker: way >= 2 } : { http: true, broker: false };
  }

  private async send(
    { http, broker }: { readonly http: boolean; readonly broker: boolean },
    path: string,
    kind: string,
    content: object,
  ): Promise<void> {
    await Promise.all([
      http ? this.insist(path, content) : null,
      broker ? this.publisher!.publish({ kind, ...content }) : null,
    ]);
  }

  private async publishPoison(messageId: string): Promise<void> {
    if (!this.publisher) return;
    this.poison.push(messageId);
    await this.publisher.publish({ kind: 'message', messageId });
  }

  private async startForNobody(userId: string): Promise<void> {
    this.refusedUsers.push(userId);
    const answer = await this.ask(`/workflows/${journeyKey}/start`, { userId });
    if (answer && answer.status < 400) this.surprises.push(`A start for ${userId}, who does not exist, was accepted.`);
  }

  /** Nobody asks for what must be refused, but {@link startForNobody}. */
  private notice(path: string, answer: Answer | null): void {
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429)
      this.surprises.push(`A request to ${path} was answered with ${answer.status}.`);
  }

  /** Asks until it is answered for good. */
  private async insist(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer | null> {
    for (let attempt = 0; !this.over; attempt += 1) {
      if (attempt > 0) this.repeated += 1;
      const answer = await this.ask(path, body, headers);
      if (answer && answer.status < 500 && answer.status !== 429) {
        this.notice(path, answer);
        return answer;
      }
      await sleep(Math.min(50 * 2 ** attempt, 1_000));
    }
    return null;
  }

  /** Null: no answer. */
  private async ask(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer | null> {
    const urls = this.urls();
    if (urls.length === 0) {
      await sleep(100);
      return null;
    }
    const sentAt = Date.now();
    try {
      const response = await fetch(`${urls[Math.floor(Math.random() * urls.length)]}/api${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patience),
      });
      const answer = { status: response.status, body: await response.json() };
      if (response.ok) {
        this.acknowledged += 1;
        this.successes.push({ sentAt, answeredAt: Date.now() });
      }
      return answer;
    } catch {
      return null;
    }
  }
}
