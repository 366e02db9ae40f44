import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { BatchOperation, BatchOperationFailures } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import { readIdempotencyKey } from '../runner/idempotency-key.js';
import {
  BatchOperationDto,
  BatchOperationFailuresDto,
  BatchOperationPageDto,
  StartBatchOperationDto,
} from './batch-operations.dto.js';
import { BatchOperationsService } from './batch-operations.service.js';

@ApiTags('Batch operations')
@Controller('batch-operations')
export class BatchOperationsController {
  constructor(private readonly operations: BatchOperationsService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel, suspend, resume or migrate many instances, or retry their incidents',
    description:
      'Done in the background, in chunks, no faster than the rate; it survives crashes, and can be cancelled.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repeat with the same key and body within a day is answered with the operation that is there.',
  })
  @ApiAcceptedResponse({ type: BatchOperationDto })
  start(
    @Body() request: StartBatchOperationDto,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<BatchOperation> {
    return this.operations.start(request, readIdempotencyKey(idempotencyKey));
  }

  @Get()
  @ApiOperation({ summary: 'Batch operations, newest first' })
  @ApiOkResponse({ type: BatchOperationPageDto })
  list(@Query() query: PageQuery): Promise<{ items: BatchOperation[]; nextCursor: string | null }> {
    return this.operations.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a batch operation has come' })
  @ApiOkResponse({ type: BatchOperationDto })
  get(@Param('id') id: string): Promise<BatchOperation> {
    return this.operations.get(id);
  }

  @Get(':id/failures')
  @ApiOperation({ summary: 'What a batch operation could not do, and why' })
  @ApiOkResponse({ type: BatchOperationFailuresDto })
  failures(@Param('id') id: string, @Query() query: PageQuery): Promise<BatchOperationFailures> {
    return this.operations.failures(id, query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop a batch operation; what was done stays done' })
  @ApiOkResponse({ type: BatchOperationDto })
  cancel(@Param('id') id: string): Promise<BatchOperation> {
    return this.operations.cancel(id);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Go on with a batch operation that was stopped, or try again what failed',
    description: 'Instances are chosen anew, among those that had been started when the operation was ordered.',
  })
  @ApiOkResponse({ type: BatchOperationDto })
  resume(@Param('id') id: string): Promise<BatchOperation> {
    return this.operations.resume(id);
  }
}
