import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type {
  DeployRequest,
  ElementCounts,
  Deployment,
  ExecuteRequest,
  Problem,
  PublishRequest,
  PublishResponse,
  StartRequest,
  StartResponse,
  Workflow,
  WorkflowSummary,
} from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ElementPairDto } from '../instances/operate.dto.js';

const variables = { type: 'object', additionalProperties: true, example: { campaign: 'spring' } } as const;
const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

export class DeployDto implements DeployRequest {
  @ApiProperty({ description: 'BPMN 2.0 XML.' })
  @IsString()
  xml: string;
}

/** What any start may bring along. */
abstract class StartContent {
  @ApiPropertyOptional(variables)
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  businessKey?: string;
}

export class UserStartDto extends StartContent {
  @ApiProperty({ example: '17850' })
  @Length(1, 200)
  userId: string;
}

export class StartDto extends StartContent implements StartRequest {
  @ApiPropertyOptional({ description: 'To start one instance.', example: '17850' })
  @IsOptional()
  @Length(1, 200)
  userId?: string;

  @ApiPropertyOptional({ description: 'Default the active one; else a draft.', minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;

  @ApiPropertyOptional({ description: 'Id of the none start event to begin at. Required where there are several.' })
  @IsOptional()
  @Length(1, 500)
  startEvent?: string;

  @ApiPropertyOptional({ description: 'To start many, all or none.', type: [UserStartDto], maxItems: 10_000 })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => UserStartDto)
  users?: UserStartDto[];
}

export class ExecuteDto extends UserStartDto implements ExecuteRequest {
  @ApiPropertyOptional({ description: 'BPMN 2.0 XML, deployed first.' })
  @IsOptional()
  @IsString()
  xml?: string;

  @ApiPropertyOptional({ description: 'Which workflow; may be left out when xml holds one process.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  key?: string;

  @ApiPropertyOptional({ description: 'Id of the none start event to begin at. Required where there are several.' })
  @IsOptional()
  @Length(1, 500)
  startEvent?: string;

  @ApiPropertyOptional({ description: 'Seconds to wait for the end.', minimum: 0, maximum: 60, default: 0 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(60)
  waitSeconds?: number;
}

const states = ['draft', 'active', 'inactive', 'archived'] as const;

export class DeployQuery {
  @ApiPropertyOptional({
    enum: ['draft', 'active'],
    default: 'active',
    description: 'A draft changes nothing of what runs.',
  })
  @IsOptional()
  @IsIn(['draft', 'active'])
  state?: 'draft' | 'active';
}

export class PublishDto implements PublishRequest {
  @ApiPropertyOptional({
    enum: ['stay', 'migrate', 'cancel'],
    default: 'stay',
    description: 'What becomes of instances of other versions.',
  })
  @IsOptional()
  @IsIn(['stay', 'migrate', 'cancel'])
  running?: 'stay' | 'migrate' | 'cancel';

  @ApiPropertyOptional({ type: [ElementPairDto], maxItems: 10_000, description: 'Of migrate.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ElementPairDto)
  mapping?: ElementPairDto[];
}

export class PublishResponseDto implements PublishResponse {
  @ApiProperty() key: string;
  @ApiProperty() version: number;
  @ApiProperty({ enum: states }) state: PublishResponse['state'];
  @ApiProperty({ type: String, nullable: true, description: 'The batch operation that was begun with it.' })
  operationId: string | null;
}

export class VersionQuery {
  @ApiPropertyOptional({ description: 'Default the newest.', minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  @Type(() => Number)
  version?: number;
}

export class ProblemDto implements Problem {
  @ApiProperty({ enum: ['error', 'warning', 'hint'] }) level: Problem['level'];
  @ApiProperty({ example: 'unknown-segment' }) rule: string;
  @ApiProperty({ type: String, nullable: true, example: 'Task_1' }) elementId: string | null;
  @ApiProperty() message: string;
  @ApiProperty() remedy: string;
}

export class DeployedWorkflowDto {
  @ApiProperty({ example: 'vip-upgrade' }) key: string;
  @ApiProperty({ example: 'VIP upgrade' }) name: string;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ description: 'false: identical content was there already.' }) created: boolean;
  @ApiProperty({ enum: states }) state: PublishResponse['state'];
}

export class DeploymentDto implements Deployment {
  @ApiProperty({ type: [DeployedWorkflowDto] }) workflows: DeployedWorkflowDto[];
  @ApiProperty({ type: [ProblemDto], description: 'Warnings and hints.' }) problems: ProblemDto[];
}

export class StartedInstanceDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: '17850' }) userId: string;
}

export class StartResponseDto implements StartResponse {
  @ApiProperty({ type: [StartedInstanceDto], description: 'In the order of the request.' })
  instances: StartedInstanceDto[];
}

export class InstanceCountsDto {
  @ApiProperty() active: number;
  @ApiProperty() completed: number;
  @ApiProperty() terminated: number;
  @ApiProperty() cancelled: number;
  @ApiProperty() error: number;
  @ApiProperty({ description: 'Active instances with an open incident.' }) incidents: number;
}

export class WorkflowSummaryDto implements WorkflowSummary {
  @ApiProperty({ description: 'Id of the process.', example: 'vip-upgrade' }) key: string;
  @ApiProperty({ example: 'VIP upgrade' }) name: string;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ enum: states }) state: WorkflowSummary['state'];
  @ApiProperty({ type: Number, nullable: true, description: 'Where starts go; null: nowhere.' })
  activeVersion: number | null;
  @ApiProperty(time) deployedAt: string;
  @ApiProperty({ type: InstanceCountsDto }) instances: InstanceCountsDto;
}

export class WorkflowListDto {
  @ApiProperty({ type: [WorkflowSummaryDto] }) items: WorkflowSummaryDto[];
}

export class VersionDto {
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ enum: states }) state: WorkflowSummary['state'];
  @ApiProperty({ description: 'Active instances.' }) running: number;
  @ApiProperty(time) deployedAt: string;
}

export class ElementCountDto {
  @ApiProperty({ example: 'Wait_1' }) elementId: string;
  @ApiProperty({ description: 'Active instances that rest there.' }) active: number;
  @ApiProperty({ description: 'Open incidents there.' }) incidents: number;
}

export class ElementCountsDto implements ElementCounts {
  @ApiProperty({ type: [ElementCountDto] }) items: ElementCountDto[];
}

export class WorkflowDto extends WorkflowSummaryDto implements Workflow {
  @ApiProperty({ description: 'BPMN 2.0 XML.' }) xml: string;
  @ApiProperty({ type: [VersionDto], description: 'Newest first.' }) versions: VersionDto[];
  @ApiProperty({ type: [ProblemDto] }) problems: ProblemDto[];
}
