import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { BatchOperation, BatchOperationFailures, StartBatchOperationRequest } from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { InstanceFilterDto } from '../instances/instance-filter.dto.js';
import { ElementPairDto } from '../instances/operate.dto.js';

const actions = ['cancel', 'retry-incidents', 'suspend', 'resume', 'migrate'] as const;
const statuses = ['collecting', 'running', 'cancelled', 'done'] as const;
const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

export class IncidentCauseDto {
  @ApiPropertyOptional({ description: 'Element at which they were raised.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  element?: string;

  @ApiPropertyOptional({ example: 'task-failed' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  type?: string;

  @ApiPropertyOptional({ description: 'Why, word by word; numbers and UUIDs in it stand for all.' })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  reason?: string;
}

export class StartBatchOperationDto implements StartBatchOperationRequest {
  @ApiProperty({ enum: actions })
  @IsIn(actions)
  action: StartBatchOperationRequest['action'];

  @ApiProperty({ type: InstanceFilterDto, description: 'Which instances: those that meet all of it, and are active.' })
  @IsNotEmptyObject({ nullable: false })
  @ValidateNested()
  @Type(() => InstanceFilterDto)
  filter: InstanceFilterDto;

  @ApiPropertyOptional({ description: 'Of migrate: the version to go on under.', minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;

  @ApiPropertyOptional({ type: [ElementPairDto], maxItems: 10_000, description: 'Of migrate.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ElementPairDto)
  mapping?: ElementPairDto[];

  @ApiPropertyOptional({ type: IncidentCauseDto, description: 'Of retry-incidents: which ones; all without it.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IncidentCauseDto)
  incidents?: IncidentCauseDto;

  @ApiPropertyOptional({ description: 'Most changes a second.', default: 1_000, minimum: 1, maximum: 10_000 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  ratePerSecond?: number;
}

export class BatchOperationDto implements BatchOperation {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: actions }) action: BatchOperation['action'];
  @ApiProperty({ type: 'object', additionalProperties: true }) filter: Record<string, unknown>;
  @ApiProperty({ type: Number, nullable: true }) version: number | null;
  @ApiProperty({ type: [ElementPairDto] }) mapping: ElementPairDto[];
  @ApiProperty({ type: IncidentCauseDto, nullable: true }) incidents: Record<string, string> | null;
  @ApiProperty({ enum: statuses, description: 'collecting: the instances are still being chosen, and total grows.' })
  status: BatchOperation['status'];
  @ApiProperty() total: number;
  @ApiProperty() done: number;
  @ApiProperty() failed: number;
  @ApiProperty() ratePerSecond: number;
  @ApiProperty(time) createdAt: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) endedAt: string | null;
}

export class BatchOperationPageDto {
  @ApiProperty({ type: [BatchOperationDto] }) items: BatchOperationDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class BatchOperationFailureDto {
  @ApiProperty({ format: 'uuid' }) instanceId: string;
  @ApiProperty() userId: string;
  @ApiProperty({ type: String, nullable: true }) incidentId: string | null;
  @ApiProperty() reason: string;
}

export class BatchOperationFailuresDto implements BatchOperationFailures {
  @ApiProperty({ type: [BatchOperationFailureDto] }) items: BatchOperationFailureDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
