import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Variables } from '@xflow/engine';
import type { PublishMessageResponse } from '@xflow/schemas';
import { Clock } from '../clock/clock.js';
import { Runner } from '../runner/runner.js';
import { PublishMessageDto, PublishMessageResponseDto } from './messages.dto.js';

/** Repeats of a message id are recognised for at least a day. */
const remembered = 86_400_000;

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly runner: Runner,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish a message',
    description:
      'It goes to every instance that waits for its name and key, and starts the workflows that a message of its name starts, for the ' +
      'user whose id is the key. Where there is neither, it is kept for ttlSeconds.',
  })
  @ApiOkResponse({ type: PublishMessageResponseDto })
  publish(@Body() request: PublishMessageDto): Promise<PublishMessageResponse> {
    const { name, correlationKey, variables = {}, messageId, ttlSeconds } = request;
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
