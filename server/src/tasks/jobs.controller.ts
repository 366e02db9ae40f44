import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JobPage } from '@xflow/schemas';
import { JobPageDto, JobQuery } from './jobs.dto.js';
import { JobsService } from './jobs.service.js';

@ApiTags('Tasks of workers')
@Controller('jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @ApiOperation({
    summary: 'What handlers and workers have to do, and who does it',
    description: 'By type, and those of a type by the time from which they may be taken.',
  })
  @ApiOkResponse({ type: JobPageDto })
  list(@Query() query: JobQuery): Promise<JobPage> {
    return this.jobs.list(query);
  }
}
