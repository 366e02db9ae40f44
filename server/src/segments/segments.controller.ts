import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { EvaluateSegmentResponse, Segment, SegmentUsers } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import {
  EvaluateSegmentDto,
  EvaluateSegmentResponseDto,
  SaveSegmentDto,
  SegmentDto,
  SegmentListDto,
  SegmentUsersDto,
} from './segments.dto.js';
import { SegmentsService } from './segments.service.js';

@ApiTags('Segments')
@Controller('segments')
export class SegmentsController {
  constructor(private readonly segments: SegmentsService) {}

  @Get()
  @ApiOperation({ summary: 'All segments, by id' })
  @ApiOkResponse({ type: SegmentListDto })
  async list(): Promise<{ items: Segment[] }> {
    return { items: await this.segments.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Create a segment' })
  @ApiCreatedResponse({ type: SegmentDto })
  create(@Body() request: SaveSegmentDto): Promise<Segment> {
    return this.segments.create(request);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create a segment, or replace it' })
  @ApiOkResponse({ type: SegmentDto })
  put(@Param('id') id: string, @Body() request: SaveSegmentDto): Promise<Segment> {
    return this.segments.put(id, request);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a segment that nothing uses' })
  @ApiNoContentResponse()
  delete(@Param('id') id: string): Promise<void> {
    return this.segments.delete(id);
  }

  @Post('evaluate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Evaluate a stored segment, or a rule that is not stored, as of now' })
  @ApiOkResponse({ type: EvaluateSegmentResponseDto })
  evaluate(@Body() request: EvaluateSegmentDto): Promise<EvaluateSegmentResponse> {
    return this.segments.evaluate(request);
  }

  @Get(':id/users')
  @ApiOperation({ summary: 'Members of a segment as of now, by id' })
  @ApiOkResponse({ type: SegmentUsersDto })
  users(@Param('id') id: string, @Query() page: PageQuery): Promise<SegmentUsers> {
    return this.segments.users(id, page);
  }
}
