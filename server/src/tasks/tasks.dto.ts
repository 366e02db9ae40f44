import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { CompleteTaskRequest, UserTask } from '@xflow/schemas';
import { IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PageQuery } from '../paging/page-query.dto.js';

export class TaskQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'The user whom the task is about.' })
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

export class CompleteTaskDto implements CompleteTaskRequest {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'What was decided.' })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;

  @ApiPropertyOptional({ format: 'uuid', description: "Of a worker's task: from its activation." })
  @IsOptional()
  @Length(1, 100)
  leaseToken?: string;
}

export class FormFieldDto {
  @ApiProperty() name: string;
  @ApiPropertyOptional() label?: string;
  @ApiPropertyOptional({ example: 'string' }) type?: string;
  @ApiPropertyOptional() required?: boolean;
  @ApiPropertyOptional({ type: [String] }) options?: string[];
}

export class UserTaskDto implements UserTask {
  @ApiProperty({ description: 'instanceId:taskId' }) id: string;
  @ApiProperty({ format: 'uuid' }) instanceId: string;
  @ApiProperty() workflowKey: string;
  @ApiProperty() userId: string;
  @ApiProperty() elementId: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: [FormFieldDto] }) form: FormFieldDto[];
  @ApiProperty({ type: String, nullable: true, description: 'Name of the lane that the task is in.' }) lane:
    string | null;
  @ApiProperty({ type: [String] }) candidateUsers: string[];
  @ApiProperty({ type: [String] }) candidateGroups: string[];
  @ApiProperty({ type: 'object', additionalProperties: true }) input: Record<string, unknown>;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
}

export class TaskPageDto {
  @ApiProperty({ type: [UserTaskDto] }) items: UserTaskDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
