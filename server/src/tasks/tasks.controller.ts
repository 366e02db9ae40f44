import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Variables } from '@xflow/engine';
import type { UserTask } from '@xflow/schemas';
import { CompleteTaskDto, TaskPageDto, TaskQuery } from './tasks.dto.js';
import { TaskReports } from './task-reports.js';
import { TasksService } from './tasks.service.js';

@ApiTags('Tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly reports: TaskReports,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Decisions that wait for a person, oldest first' })
  @ApiOkResponse({ type: TaskPageDto })
  list(@Query() query: TaskQuery): Promise<{ items: UserTask[]; nextCursor: string | null }> {
    return this.tasks.list(query);
  }

  @Post(':id/complete')
  @HttpCode(204)
  @ApiOperation({ summary: 'Complete a task of a person, or of a worker with the token of its lease' })
  @ApiNoContentResponse()
  complete(@Param('id') id: string, @Body() { variables = {}, leaseToken }: CompleteTaskDto): Promise<void> {
    return leaseToken === undefined
      ? this.tasks.complete(id, variables as Variables)
      : this.reports.complete(id, leaseToken, variables as Variables);
  }
}
