import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type {
  LifecycleTransitionRequest,
  PutUserRequest,
  User,
  UserHistory,
  UserLifecycle,
  UserPage,
} from '@xflow/schemas';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, Length, MaxLength, ValidateIf } from 'class-validator';

const attributes = {
  type: 'object',
  additionalProperties: true,
  example: { email: 'ann@example.com', country: 'France', birthday: '1990-05-17' },
} as const;
const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

export class PutUserDto implements PutUserRequest {
  @ApiPropertyOptional({ ...attributes, description: 'Merged with those there are; null removes one.' })
  @IsOptional()
  @IsObject()
  attributes?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [String], maxItems: 50, description: 'All tags of the user.', example: ['newsletter'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @Length(1, 100, { each: true })
  tags?: string[];

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 100, example: 'gold' })
  @ValidateIf((_request, tier) => tier !== undefined && tier !== null)
  @IsString()
  @Length(1, 100)
  tier?: string | null;
}

export class LifecycleTransitionDto implements LifecycleTransitionRequest {
  @ApiProperty({ example: 'Retention', maxLength: 100 })
  @Length(1, 100)
  stage: string;

  @ApiPropertyOptional({ example: 'Came back after a phone call.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  reason?: string;
}

export class UserDto implements User {
  @ApiProperty({ example: '17850' }) id: string;
  @ApiProperty(attributes) attributes: Record<string, unknown>;
  @ApiProperty({ type: [String], example: ['newsletter'] }) tags: string[];
  @ApiProperty({ type: String, nullable: true, example: 'Retention' }) stage: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'gold' }) tier: string | null;
  @ApiProperty({ example: 120 }) points: number;
  @ApiProperty(time) createdAt: string;
  @ApiProperty(time) updatedAt: string;
}

export class UserPageDto implements UserPage {
  @ApiProperty({ type: [UserDto] }) items: UserDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor: string | null;
}

type Transition = UserLifecycle['transitions'][number];
export class UserChangeDto implements Transition {
  @ApiProperty(time) at: string;
  @ApiProperty({ enum: ['stage', 'tier', 'points', 'tag', 'attributes'] }) kind: Transition['kind'];
  @ApiProperty({ type: String, nullable: true, example: 'Activation' }) from: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Retention' }) to: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) detail: Record<string, unknown>;
  @ApiProperty({ example: 'Entered the element "Welcome".' }) reason: string;
  @ApiProperty({ type: String, nullable: true }) instanceId: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'vip-upgrade' }) workflowKey: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Task_Upgrade' }) elementId: string | null;
}

export class UserLifecycleDto implements UserLifecycle {
  @ApiProperty({ example: '17850' }) userId: string;
  @ApiProperty({ type: String, nullable: true, example: 'Retention' }) stage: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'gold' }) tier: string | null;
  @ApiProperty({ example: 120 }) points: number;
  @ApiProperty({ type: [UserChangeDto], description: 'Changes of stage and tier, oldest first; the newest 1,000.' })
  transitions: UserChangeDto[];
}

type HistoryItem = UserHistory['items'][number];
export class UserHistoryItemDto {
  @ApiProperty(time) at: string;
  @ApiProperty({ enum: ['change', 'event', 'instance'] }) type: HistoryItem['type'];
  @ApiPropertyOptional({ type: UserChangeDto }) change?: UserChangeDto;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'id, name and properties of an event.',
  })
  event?: HistoryItem['event'];
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Summary of an instance.' })
  instance?: HistoryItem['instance'];
}
export class UserHistoryDto {
  @ApiProperty({ type: [UserHistoryItemDto] }) items: UserHistoryItemDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor: string | null;
}
