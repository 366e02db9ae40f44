import { setTimeout as sleep } from 'node:timers/promises';
import type { StartResponse } from '@xflow/schemas';
import type { Dice } from '../../engine/test/random/dice.js';
import { journeyKey, messageName, pauseLength } from './journey.js';

/** Milliseconds after which a request is given up: it may or may not have been done. */
const patience = 10_000;

/** What the callers know of one user's instance. */
export interface Ticket {
  readonly userId: string;
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
}

/**
 * The callers: backends that start an instance for every user and send each its message, through whichever server answers. Whoever
 * gets no answer asks again with the same key; a few do neither, and some ask for what must be refused.
 */
export class Load {
  readonly tickets: Ticket[] = [];
  /** Users that do not exist: their starts must be refused, and leave nothing. */
  readonly refusedUsers: string[] = [];
  /** Requests that were answered with success. */
  acknowledged = 0;
  /** Requests that were sent again. */
  repeated = 0;
  /** What was answered and should not have been. */
  readonly surprises: string[] = [];
  private readonly successes: { sentAt: number; answeredAt: number }[] = [];
  private readonly running = new Set<Promise<void>>();
  private over = false;

  constructor(
    private readonly urls: () => readonly string[],
    private readonly dice: Dice,
    private readonly options: LoadOptions,
  ) {}

  /** Resolves when every caller has done what it came for. */
  async run(): Promise<void> {
    const began = Date.now();
    for (let index = 0; index < this.options.instances && !this.over; index += 1) {
      await sleep(Math.max(0, began + (index / this.options.rate) * 1_000 - Date.now()));
      while (this.running.size >= this.options.callers) await Promise.race(this.running);
      const caller = this.serve(index).finally(() => this.running.delete(caller));
      this.running.add(caller);
    }
    await Promise.all(this.running);
  }

  /** A few more, each with its message before it begins: then nothing but the servers' own alarms moves them on. */
  async runQuietly(count: number): Promise<void> {
    const first = this.options.instances;
    await Promise.all(Array.from({ length: count }, (_, index) => this.serve(first + index)));
  }

  /** Callers that are still asking give up. */
  stop(): void {
    this.over = true;
  }

  /** Milliseconds from `moment` until a request that was sent after it was answered with success; null: none was. */
  recovery(moment: number): number | null {
    let first = Infinity;
    for (const { sentAt, answeredAt } of this.successes)
      if (sentAt >= moment) first = Math.min(first, answeredAt - moment);
    return first === Infinity ? null : first;
  }

  private async serve(index: number): Promise<void> {
    if (this.dice.chance(0.02)) await this.startForNobody(`ghost-${index}`);
    const ticket: Ticket = { userId: `user-${index}`, keyed: !this.dice.chance(0.2), instanceId: null };
    this.tickets.push(ticket);
    const pause = this.pauseBeforeMessage(index);
    const path = `/workflows/${journeyKey}/start`;
    const body = { userId: ticket.userId };
    const answer = ticket.keyed
      ? await this.insist('POST', path, body, { 'idempotency-key': ticket.userId })
      : await this.ask('POST', path, body);
    if (answer?.status === 201) ticket.instanceId = (answer.body as StartResponse).instances[0]!.id;
    else if (answer && answer.status < 500 && answer.status !== 429)
      this.surprises.push(`The start for ${ticket.userId} was answered with ${answer.status}.`);
    await sleep(pause);
    await this.insist('POST', '/messages', {
      name: messageName,
      correlationKey: ticket.userId,
      messageId: `only ${ticket.userId}`,
      ttlSeconds: 86_400,
    });
  }

  /** Before the instance waits for the message, at the very moment when it begins to, or after. */
  private pauseBeforeMessage(index: number): number {
    if (index >= this.options.instances) return 0;
    return this.dice.chance(0.5) ? pauseLength - 20 + this.dice.below(80) : this.dice.below(2 * pauseLength);
  }

  private async startForNobody(userId: string): Promise<void> {
    this.refusedUsers.push(userId);
    const answer = await this.ask('POST', `/workflows/${journeyKey}/start`, { userId });
    if (answer && answer.status < 400) this.surprises.push(`A start for ${userId}, who does not exist, was accepted.`);
  }

  /** Asks until it is answered for good. */
  private async insist(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer | null> {
    for (let attempt = 0; !this.over; attempt += 1) {
      if (attempt > 0) this.repeated += 1;
      const answer = await this.ask(method, path, body, headers);
      if (answer && answer.status < 500 && answer.status !== 429) return answer;
      await sleep(Math.min(50 * 2 ** attempt, 1_000));
    }
    return null;
  }

  /** Null: no answer. */
  private async ask(
    method: string,
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
        method,
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
