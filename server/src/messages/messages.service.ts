import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Variables } from '@xflow/engine';
import type { PublishMessageRequest, PublishMessageResponse } from '@xflow/schemas';
import { Clock } from '../clock/clock.js';
import { Runner } from '../runner/runner.js';

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

  /** Resolves after the commit that made the message durable. */
  publish(request: PublishMessageRequest): Promise<PublishMessageResponse> {
    const { name, correlationKey, variables = {}, messageId, ttlSeconds = usualTtl } = request;
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
}
