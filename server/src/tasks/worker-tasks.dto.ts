import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type {
  ActivatedTask,
  ActivateTasksRequest,
  ActivateTasksResponse,
  CompleteTasksRequest,
  CompleteTasksResponse,
  ExtendTaskRequest,
  ExtendTaskResponse,
  ExtendTasksRequest,
  ExtendTasksResponse,
  FailedAttempt,
  FailTaskRequest,
  FailTasksRequest,
  FailTasksResponse,
  HeldTask,
  RefusedReport,
  TaskCompletion,
  ThrowTaskErrorRequest,
} from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
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

const values = { type: 'object', additionalProperties: true } as const;

export class ActivateTasksDto implements ActivateTasksRequest {
  @ApiProperty({ type: [String], maxItems: 50, example: ['charge-card'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Length(1, 200, { each: true })
  types: string[];

  @ApiPropertyOptional({ description: 'Most tasks to lease.', minimum: 1, maximum: 1000, default: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxTasks: number = 1;

  @ApiPropertyOptional({
    description: 'Until others may have what was not reported.',
    minimum: 1,
    maximum: 86_400,
    default: 60,
  })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(86_400)
  leaseSeconds: number = 60;

  @ApiPropertyOptional({ description: 'To wait for the first task.', minimum: 0, maximum: 60, default: 0 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(60)
  waitSeconds: number = 0;

  @ApiPropertyOptional({ description: 'Name of the worker, for operators.', example: 'billing-1' })
  @IsOptional()
  @Length(1, 200)
  worker?: string;

  @ApiPropertyOptional({ type: [String], description: 'Names of the inputs wanted; default all.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  inputs?: string[];
}

export class ActivatedTaskDto implements ActivatedTask {
  @ApiProperty({ description: 'instanceId:taskId' }) id: string;
  @ApiProperty() type: string;
  @ApiProperty({ format: 'uuid' }) instanceId: string;
  @ApiProperty() workflowKey: string;
  @ApiProperty() userId: string;
  @ApiProperty() elementId: string;
  @ApiProperty() name: string;
  @ApiProperty({ ...values, description: 'Configuration; of a diagram with zeebe: extensions, the headers.' })
  config: Record<string, unknown>;
  @ApiProperty(values) input: Record<string, unknown>;
  @ApiProperty({ description: 'The same in every attempt.' }) idempotencyKey: string;
  @ApiProperty({ description: '1 is the first.' }) attempt: number;
  @ApiProperty({ description: 'Attempts after this one.' }) retriesLeft: number;
  @ApiProperty({ format: 'uuid', description: 'To report with.' }) leaseToken: string;
  @ApiProperty({ format: 'date-time' }) leasedUntil: string;
}

export class ActivateTasksResponseDto implements ActivateTasksResponse {
  @ApiProperty({ type: [ActivatedTaskDto] }) tasks: ActivatedTaskDto[];
}

abstract class Report {
  @ApiProperty({ format: 'uuid', description: 'From the activation.' })
  @Length(1, 100)
  leaseToken: string;
}

export class TaskCompletionDto extends Report implements TaskCompletion {
  @ApiProperty({ description: 'instanceId:taskId' })
  @Length(1, 500)
  id: string;

  @ApiPropertyOptional(values)
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class CompleteTasksDto implements CompleteTasksRequest {
  @ApiProperty({ type: [TaskCompletionDto], maxItems: 1000 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => TaskCompletionDto)
  tasks: TaskCompletionDto[];
}

export class RefusedReportDto implements RefusedReport {
  @ApiProperty() id: string;
  @ApiProperty({ enum: ['gone', 'lease-lost', 'unavailable'] }) reason: RefusedReport['reason'];
}

export class CompleteTasksResponseDto implements CompleteTasksResponse {
  @ApiProperty() completed: number;
  @ApiProperty({ type: [RefusedReportDto] }) refused: RefusedReportDto[];
}

export class FailTaskDto extends Report implements FailTaskRequest {
  @ApiProperty({ description: 'What went wrong, for operators.', example: 'The payment provider is away.' })
  @Length(1, 10_000)
  reason: string;

  @ApiPropertyOptional({ description: 'Attempts to come; 0 makes an incident at once. Default: what is left.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  retriesLeft?: number;

  @ApiPropertyOptional({ description: 'Until the next attempt. Default: grows with every attempt.' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(2_592_000)
  retryAfterSeconds?: number;
}

export class ThrowTaskErrorDto extends Report implements ThrowTaskErrorRequest {
  @ApiProperty({ example: 'CARD_DECLINED' })
  @Length(1, 200)
  code: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  message?: string;

  @ApiPropertyOptional({ ...values, description: 'Set where the error is caught.' })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class ExtendTaskDto extends Report implements ExtendTaskRequest {
  @ApiProperty({ description: 'From now.', minimum: 1, maximum: 86_400 })
  @IsNumber()
  @Min(1)
  @Max(86_400)
  leaseSeconds: number;
}

export class ExtendTaskResponseDto implements ExtendTaskResponse {
  @ApiProperty({ format: 'date-time' }) leasedUntil: string;
}

export class FailedAttemptDto extends FailTaskDto implements FailedAttempt {
  @ApiProperty({ description: 'instanceId:taskId' })
  @Length(1, 500)
  id: string;
}

export class FailTasksDto implements FailTasksRequest {
  @ApiProperty({ type: [FailedAttemptDto], maxItems: 1000 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => FailedAttemptDto)
  tasks: FailedAttemptDto[];
}

export class FailTasksResponseDto implements FailTasksResponse {
  @ApiProperty() failed: number;
  @ApiProperty({ type: [RefusedReportDto] }) refused: RefusedReportDto[];
}

export class HeldTaskDto extends Report implements HeldTask {
  @ApiProperty({ description: 'instanceId:taskId' })
  @Length(1, 500)
  id: string;
}

export class ExtendTasksDto implements ExtendTasksRequest {
  @ApiProperty({ type: [HeldTaskDto], maxItems: 1000 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => HeldTaskDto)
  tasks: HeldTaskDto[];

  @ApiProperty({ description: 'From now.', minimum: 1, maximum: 86_400 })
  @IsNumber()
  @Min(1)
  @Max(86_400)
  leaseSeconds: number;
}

export class ExtendTasksResponseDto implements ExtendTasksResponse {
  @ApiProperty() extended: number;
  @ApiProperty({ format: 'date-time' }) leasedUntil: string;
  @ApiProperty({ type: [RefusedReportDto] }) refused: RefusedReportDto[];
}
