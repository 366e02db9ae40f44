import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Variables } from '@xflow/engine';
import type { BulkResult, PublishMessageRequest, PublishMessageResponse } from '@xflow/schemas';
import { Clock } from '../clock/clock.js';
import { ProblemError, UnprocessableError } from '../http-problems/problem-error.js';
import { readBulk } from '../ndjson/read-bulk.js';
import { bounds } from '../runner/bounds.js';
import { Runner } from '../runner/runner.js';
import { readMessage } from './read-message.js';

/** Repeats of a message id are recognised for at least a day. */
const remembered = 86_400_000;
const usualTtl = 3_600;

/** Messages from outside, on their way to whoever waits for them. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly runner: Runner,
    private readonly clock: Clock,
  ) {}

  /** Resolves after the commit that made the message durable; {@link UnprocessableError} where it is too large. */
  publish(request: PublishMessageRequest): Promise<PublishMessageResponse> {
    const { name, correlationKey, variables = {}, messageId, ttlSeconds = usualTtl } = request;
    const size = JSON.stringify(variables).length;
    if (size > bounds().message) return Promise.reject(tooLarge(size));
    const publishedAt = this.clock.now();
    const expiresAt = publishedAt + ttlSeconds * 1_000;
    return this.runner.submit({
      kind: 'publish',
      named: messageId !== undefined,
      message: {
        id: messageId ?? randomUUID(),
        name,
        correlationKey,
        variables: variables as Variables,
        publishedAt,
        expiresAt,
        keptUntil: messageId === undefined ? expiresAt : Math.max(expiresAt, publishedAt + remembered),
      },
    });
  }

  /** NDJSON: one message a line, in their order. They join the batches of the runner like messages that come alone. */
  publishBulk(body: unknown, contentLength: string | undefined): Promise<BulkResult> {
    return readBulk(body, contentLength, {
      parse: readMessage,
      concurrentWrites: 1,
      write: async (messages) => {
        const published = await Promise.allSettled(messages.map((message) => this.publish(message)));
        const [refused] = published.flatMap((result) =>
          result.status === 'rejected' ? [result.reason as unknown] : [],
        );
        if (refused !== undefined) throw refusedHalfway(refused);
        return published.filter((result) => result.status === 'fulfilled' && result.value.outcome === 'duplicate')
          .length;
      },
    });
  }
}

const tooLarge = (size: number): Error =>
  new UnprocessableError('The message is too large', [
    {
      field: '$.variables',
      message: `The variables take ${size} characters of JSON; a message holds at most ${bounds().message}.`,
      remedy: 'Keep large data outside, and send a reference to it.',
    },
  ]);

function refusedHalfway(cause: unknown): unknown {
  if (!(cause instanceof ProblemError)) return cause;
  const detail =
    'Some of the lines were taken, others were not. Send the body again a little later: lines with a messageId are taken once.';
  return new ProblemError(cause.status, cause.type, cause.title, detail);
}
