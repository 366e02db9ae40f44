import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { InstanceHistory, InstancePage } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import { InstanceHistoryDto, InstancePageDto, InstanceQuery } from './instances.dto.js';
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
}
