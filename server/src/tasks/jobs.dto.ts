import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JobPage, JobSummary } from '@xflow/schemas';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../paging/page-query.dto.js';

const states = ['open', 'leased', 'retry', 'suspended'] as const;

export class JobQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'charge-card' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  type?: string;

  @ApiPropertyOptional({ description: 'Key of the workflow.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  workflow?: string;

  @ApiPropertyOptional({ enum: states })
  @IsOptional()
  @IsIn(states)
  state?: JobSummary['state'];

  @ApiPropertyOptional({ description: 'Name of the worker that has leased them.', example: 'billing-1' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  worker?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  userId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  instanceId?: string;
}

const time = { type: String, format: 'date-time', nullable: true } as const;

export class JobSummaryDto implements JobSummary {
  @ApiProperty({ description: 'instanceId:taskId' }) id: string;
  @ApiProperty() type: string;
  @ApiProperty({ format: 'uuid' }) instanceId: string;
  @ApiProperty() workflowKey: string;
  @ApiProperty() userId: string;
  @ApiProperty() elementId: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: states }) state: JobSummary['state'];
  @ApiProperty({
    type: String,
    enum: ['worker', 'server', null],
    nullable: true,
    description: 'Who has leased it: a worker outside, or a server for its handler.',
  })
  heldBy: JobSummary['heldBy'];
  @ApiProperty({ type: String, nullable: true, description: 'Name of the worker that has leased it.' }) worker:
    string | null;
  @ApiProperty({ ...time, description: 'Where it is leased.' }) leasedUntil: string | null;
  @ApiProperty({ ...time, description: 'Where it waits for its next attempt.' }) retryAt: string | null;
  @ApiProperty({ description: 'Begun, the one under way included.' }) attempts: number;
  @ApiProperty({ description: 'After which a failure becomes an incident.' }) maxAttempts: number;
  @ApiProperty({ type: String, nullable: true }) lastError: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

export class JobPageDto implements JobPage {
  @ApiProperty({ type: [JobSummaryDto] }) items: JobSummaryDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
