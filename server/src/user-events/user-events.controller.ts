import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { BulkResult } from '@xflow/schemas';
import type { FastifyRequest } from 'fastify';
import { BulkResultDto } from '../ndjson/bulk-result.dto.js';
import { UserEventDto } from './user-events.dto.js';
import { UserEventsService } from './user-events.service.js';

@ApiTags('Events')
@Controller('events')
export class UserEventsController {
  constructor(private readonly events: UserEventsService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Take in what a user did; the user is created when absent' })
  @ApiAcceptedResponse({ type: BulkResultDto })
  ingest(@Body() event: UserEventDto): Promise<BulkResult> {
    return this.events.ingest(event);
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take in events from NDJSON, up to 16 MB a request' })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({
    schema: {
      type: 'string',
      example:
        '{"userId":"17850","name":"purchase","at":"2010-12-01T08:26:00Z","id":"536365","properties":{"amount":15.3}}\n',
    },
  })
  @ApiOkResponse({ type: BulkResultDto })
  ingestBulk(@Req() request: FastifyRequest): Promise<BulkResult> {
    return this.events.ingestBulk(request.body, request.headers['content-length']);
  }
}
