import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type {
  InstanceCount,
  InstanceHistory,
  InstancePage,
  InstanceStatus,
  MigrationPreview,
  RecountResponse,
} from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import {
  ActivateDto,
  ExportQuery,
  InstanceCountDto,
  InstanceHistoryDto,
  InstancePageDto,
  InstanceQuery,
  InstanceStatusDto,
  RecountResponseDto,
} from './instances.dto.js';
import { InstanceExport } from './instance-export.js';
import { InstancesService } from './instances.service.js';
import { MigrateDto, MigrationPreviewDto, ModifyDto, SetVariablesDto } from './operate.dto.js';
import { OperateService } from './operate.service.js';

@ApiTags('Instances')
@Controller('instances')
export class InstancesController {
  constructor(
    private readonly instances: InstancesService,
    private readonly operate: OperateService,
    private readonly exported: InstanceExport,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Instances, newest first' })
  @ApiOkResponse({ type: InstancePageDto })
  list(@Query() query: InstanceQuery): Promise<InstancePage> {
    return this.instances.list(query);
  }

  @Get('count')
  @ApiOperation({ summary: 'How many instances meet a filter, counted up to 10,000' })
  @ApiOkResponse({ type: InstanceCountDto })
  count(@Query() query: InstanceQuery): Promise<InstanceCount> {
    return this.instances.count(query);
  }

  @Get('export')
  @ApiOperation({ summary: 'Ended instances with their histories, in the order of their ends (NDJSON)' })
  @ApiProduces('application/x-ndjson')
  export(@Query() query: ExportQuery): StreamableFile {
    return new StreamableFile(this.exported.stream(query), { type: 'application/x-ndjson' });
  }

  @Post('recount')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Count all instances anew, and tell which numbers were wrong',
    description: 'Reads every instance. Nobody waits for it.',
  })
  @ApiOkResponse({ type: RecountResponseDto })
  recount(): Promise<RecountResponse> {
    return this.instances.recount();
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

  @Patch(':id/variables')
  @ApiOperation({ summary: 'Change variables of an instance, or of one of its scopes' })
  @ApiOkResponse({ type: InstanceStatusDto })
  setVariables(@Param('id') id: string, @Body() request: SetVariablesDto): Promise<InstanceStatus> {
    return this.operate.setVariables(id, request);
  }

  @Post(':id/modify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Move tokens: activate elements, terminate tokens' })
  @ApiOkResponse({ type: InstanceStatusDto })
  modify(@Param('id') id: string, @Body() request: ModifyDto): Promise<InstanceStatus> {
    return this.operate.modify(id, request);
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Suspend an instance: what comes from outside waits until it is resumed' })
  @ApiOkResponse({ type: InstanceStatusDto })
  suspend(@Param('id') id: string): Promise<InstanceStatus> {
    return this.operate.suspend(id, true);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Resume a suspended instance' })
  @ApiOkResponse({ type: InstanceStatusDto })
  resume(@Param('id') id: string): Promise<InstanceStatus> {
    return this.operate.suspend(id, false);
  }

  @Post(':id/migrate/preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a migration to another version would do; changes nothing' })
  @ApiOkResponse({ type: MigrationPreviewDto })
  preview(@Param('id') id: string, @Body() request: MigrateDto): Promise<MigrationPreview> {
    return this.operate.preview(id, request);
  }

  @Post(':id/migrate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let an instance go on under another version of its workflow' })
  @ApiOkResponse({ type: InstanceStatusDto })
  migrate(@Param('id') id: string, @Body() request: MigrateDto): Promise<InstanceStatus> {
    return this.operate.migrate(id, request);
  }
}
