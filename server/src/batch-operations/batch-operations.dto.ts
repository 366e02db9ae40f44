import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { BatchOperation, BatchOperationFailures, StartBatchOperationRequest } from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmptyObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ElementPairDto } from '../instances/operate.dto.js';

const actions = ['cancel', 'retry-incidents', 'suspend', 'resume', 'migrate'] as const;
const statuses = ['collecting', 'running', 'cancelled', 'done'] as const;
const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

export class InstanceFilterDto {
  @ApiPropertyOptional({ description: 'Key of the workflow.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  workflow?: string;

  @ApiPropertyOptional({ minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;

  @ApiPropertyOptional({ description: 'Any version but this one.', minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  exceptVersion?: number;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  userId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  businessKey?: string;

  @ApiPropertyOptional({ description: 'Element where a token rests.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  element?: string;

  @ApiPropertyOptional({ description: 'true: with an open incident; false: without.' })
  @IsOptional()
  @IsBoolean()
  incident?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @IsBoolean()
  suspended?: boolean;

  @ApiPropertyOptional(time)
  @IsOptional()
  @IsISO8601({ strict: true })
  startedFrom?: string;

  @ApiPropertyOptional(time)
  @IsOptional()
  @IsISO8601({ strict: true })
  startedTo?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 10,
    description: '`name=value` of variables that the process declares by xflow:searchable.',
    example: ['plan=gold'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[^=\p{Cc}]{1,200}=.{0,500}$/su, { each: true, message: '$property must be name=value.' })
  variables?: string[];

  @ApiPropertyOptional({ type: [String], maxItems: 10_000, description: 'These, where they meet the rest.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsUUID('all', { each: true })
  instanceIds?: string[];
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
