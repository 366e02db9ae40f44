import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import type {
  ActivateRequest,
  Incident,
  InstanceCount,
  InstanceHistory,
  InstancePage,
  InstanceStatus,
  InstanceSummary,
  InstanceToken,
  RecountResponse,
} from '@xflow/schemas';
import { IsIn, IsISO8601, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../paging/page-query.dto.js';
import { InstanceFilterDto } from './instance-filter.dto.js';

const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;
const statuses = ['active', 'completed', 'terminated', 'cancelled', 'error'] as const;

export class InstanceQuery extends IntersectionType(PageQuery, InstanceFilterDto) {
  @ApiPropertyOptional({ enum: statuses })
  @IsOptional()
  @IsIn(statuses)
  status?: InstanceSummary['status'];

  @ApiPropertyOptional({ description: 'Ended at this time or later.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  endedFrom?: string;

  @ApiPropertyOptional({ description: 'Ended before this time.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  endedTo?: string;
}

export class ExportQuery {
  @ApiPropertyOptional({ description: 'Key of the workflow.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  workflow?: string;

  @ApiPropertyOptional({ description: 'Ended at this time or later.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  endedFrom?: string;

  @ApiPropertyOptional({ description: 'Ended before this time.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  endedTo?: string;
}

export class ActivateDto implements ActivateRequest {
  @ApiProperty({ description: 'Activity of an open ad-hoc subprocess to which no sequence flow leads.' })
  @IsString()
  @MaxLength(500)
  elementId: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Variables to set before.' })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class IncidentDto implements Incident {
  @ApiProperty() id: string;
  @ApiProperty({ format: 'uuid' }) instanceId: string;
  @ApiProperty() workflowKey: string;
  @ApiProperty() userId: string;
  @ApiProperty() elementId: string;
  @ApiProperty({ example: 'no-flow-chosen' }) type: string;
  @ApiProperty() reason: string;
  @ApiProperty() remedy: string;
  @ApiProperty({ type: [String], description: 'Sequence flows to choose from.' }) choices: string[];
  @ApiProperty(time) raisedAt: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) resolvedAt: string | null;
}

export class InstanceSummaryDto implements InstanceSummary {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'vip-upgrade' }) workflowKey: string;
  @ApiProperty({ example: 'VIP upgrade' }) workflowName: string;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: '17850' }) userId: string;
  @ApiProperty({ type: String, nullable: true }) businessKey: string | null;
  @ApiProperty({ enum: statuses }) status: InstanceSummary['status'];
  @ApiProperty(time) startedAt: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) endedAt: string | null;
  @ApiProperty({ type: [String], description: 'Elements where tokens rest.' }) waitingAt: string[];
  @ApiProperty() openIncidents: number;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'null: not suspended.' })
  suspendedAt: string | null;
}

export class InstancePageDto implements InstancePage {
  @ApiProperty({ type: [InstanceSummaryDto] }) items: InstanceSummaryDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class CorrectedCountDto {
  @ApiProperty() workflowKey: string;
  @ApiProperty() version: number;
  @ApiProperty({ enum: [...statuses, null], nullable: true }) status: InstanceSummary['status'] | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: the number is of a status.' }) elementId:
    string | null;
  @ApiProperty() instances: number;
  @ApiProperty({ description: 'Of these, with an open incident; at an element, open incidents.' }) incidents: number;
  @ApiProperty({ description: 'What was told before.' }) saidInstances: number;
  @ApiProperty() saidIncidents: number;
}

export class RecountResponseDto implements RecountResponse {
  @ApiProperty({ type: [CorrectedCountDto] }) corrected: CorrectedCountDto[];
}

export class InstanceCountDto implements InstanceCount {
  @ApiProperty() count: number;
  @ApiProperty({ description: 'false: there are more; they were counted up to here.' }) isComplete: boolean;
}

export class WaitDto {
  @ApiProperty({ enum: ['timer', 'message', 'task', 'user-task', 'call', 'join', 'incident', 'children'] })
  kind: InstanceToken['waitingFor'][number]['kind'];
  @ApiPropertyOptional({ description: 'Due time, message name, task type, called workflow.' }) detail?: string;
}

export class InstanceTokenDto implements InstanceToken {
  @ApiProperty() id: string;
  @ApiProperty() elementId: string;
  @ApiProperty({ type: String, nullable: true }) elementName: string | null;
  @ApiProperty({ type: [WaitDto] }) waitingFor: WaitDto[];
}

export class InstanceScopeDto {
  @ApiProperty() id: string;
  @ApiProperty({ description: 'The process, or a subprocess.' }) elementId: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) variables: Record<string, unknown>;
}

export class InstanceStatusDto extends InstanceSummaryDto implements InstanceStatus {
  @ApiProperty({ type: String, nullable: true, format: 'uuid' }) parentInstanceId: string | null;
  @ApiProperty({ description: 'Inputs applied since the start.' }) revision: number;
  @ApiProperty({ type: [InstanceTokenDto] }) tokens: InstanceTokenDto[];
  @ApiProperty({ type: 'object', additionalProperties: true }) variables: Record<string, unknown>;
  @ApiProperty({ type: [InstanceScopeDto] }) scopes: InstanceScopeDto[];
  @ApiProperty({ type: [IncidentDto], description: 'Open ones, oldest first.' }) incidents: IncidentDto[];
}

export class HistoryItemDto {
  @ApiProperty() revision: number;
  @ApiProperty(time) at: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What happened to the instance.' })
  input: Record<string, unknown>;
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'What came of it, in order: see schemas/events/history-event.json.',
  })
  events: Record<string, unknown>[];
}

export class InstanceHistoryDto implements InstanceHistory {
  @ApiProperty({ type: [HistoryItemDto] }) items: HistoryItemDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
