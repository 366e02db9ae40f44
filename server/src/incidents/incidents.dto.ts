import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { IncidentGroups, IncidentPage, ResolveIncidentRequest } from '@xflow/schemas';
import { IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { IncidentDto } from '../instances/instances.dto.js';
import { PageQuery } from '../paging/page-query.dto.js';

const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

export class IncidentQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Key of the workflow.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  workflow?: string;

  @ApiPropertyOptional({ description: 'Element at which it was raised.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  element?: string;

  @ApiPropertyOptional({ example: 'task-failed' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  type?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  userId?: string;

  @ApiPropertyOptional({ description: 'Why, word by word; numbers and UUIDs in it stand for all.' })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  reason?: string;
}

export class IncidentGroupQuery {
  @ApiPropertyOptional({ description: 'Key of the workflow.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  workflow?: string;
}

export class IncidentGroupDto {
  @ApiProperty() workflowKey: string;
  @ApiProperty() elementId: string;
  @ApiProperty({ example: 'no-flow-chosen' }) type: string;
  @ApiProperty() reason: string;
  @ApiProperty() remedy: string;
  @ApiProperty() count: number;
  @ApiProperty(time) firstAt: string;
  @ApiProperty(time) lastAt: string;
}

export class IncidentGroupsDto implements IncidentGroups {
  @ApiProperty({ type: [IncidentGroupDto] }) items: IncidentGroupDto[];
  @ApiProperty({ description: 'false: there are more groups, or older incidents that are not counted.' })
  isComplete: boolean;
}

export class IncidentPageDto implements IncidentPage {
  @ApiProperty({ type: [IncidentDto] }) items: IncidentDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class ResolveIncidentDto implements ResolveIncidentRequest {
  @ApiProperty({ enum: ['retry', 'take-flow'] })
  @IsIn(['retry', 'take-flow'])
  action: ResolveIncidentRequest['action'];

  @ApiPropertyOptional({ description: "With take-flow: one of the incident's choices." })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  flowId?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Variables to set before.' })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}
