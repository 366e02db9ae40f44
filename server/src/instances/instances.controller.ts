import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { InstanceHistory, InstancePage, InstanceStatus } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import { ActivateDto, InstanceHistoryDto, InstancePageDto, InstanceQuery, InstanceStatusDto } from './instances.dto.js';
import { InstancesService } from './instances.service.js';

@ApiTags('Instances')
@Controller('instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Get()
  @ApiOperation({ summary: 'Instances, newest first' })
  @ApiOkResponse({ type: InstancePageDto })
  list(@Query() query: InstanceQuery): Promise<InstancePage> {
    return this.instances.list(query);
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'What happened to an instance, oldest first' })
  @ApiOkResponse({ type: InstanceHistoryDto })
  history(@Param('id') id: string, @Query() page: PageQuery): Promise<InstanceHistory> {
    return this.instances.history(id, page);
  }

  @Post(':id/activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin an activity of an open ad-hoc subprocess' })
  @ApiOkResponse({ type: InstanceStatusDto })
  activate(@Param('id') id: string, @Body() request: ActivateDto): Promise<InstanceStatus> {
    return this.instances.activate(id, request);
  }
}
