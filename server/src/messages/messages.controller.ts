import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { BulkResult, PublishMessageResponse } from '@xflow/schemas';
import type { FastifyRequest } from 'fastify';
import { BulkResultDto } from '../ndjson/bulk-result.dto.js';
import { PublishMessageDto, PublishMessageResponseDto } from './messages.dto.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

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
    return this.messages.publish(request);
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish messages from NDJSON, up to 16 MB a request, in the order of its lines' })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({
    schema: {
      type: 'string',
      example:
        '{"name":"order-placed","correlationKey":"17850","messageId":"order-536365","variables":{"amount":15.3}}\n',
    },
  })
  @ApiOkResponse({ type: BulkResultDto })
  publishBulk(@Req() request: FastifyRequest): Promise<BulkResult> {
    return this.messages.publishBulk(request.body, request.headers['content-length']);
  }
}
