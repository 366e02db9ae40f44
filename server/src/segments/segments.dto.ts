import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type {
  EvaluateSegmentRequest,
  EvaluateSegmentResponse,
  SaveSegmentRequest,
  Segment,
  SegmentRule,
  SegmentUsers,
} from '@xflow/schemas';
import { ArrayMaxSize, IsArray, IsDefined, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

const ruleDocumentation = {
  type: 'object',
  additionalProperties: true,
  description:
    'A condition over one user: exactly one of all, any, not, attribute, event, tag, stage, tier, segment. See docs/segments.md.',
  example: {
    all: [
      { event: 'purchase', aggregate: 'sum', of: 'amount', window: 'P365D', operator: 'gte', value: 1000 },
      { not: { tag: 'employee' } },
    ],
  },
} as const;

export class SaveSegmentDto implements SaveSegmentRequest {
  @ApiProperty({ description: 'Name, as diagrams use it.', example: 'vip' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, {
    message: '$property must begin with a letter or digit, and consist of at most 100 letters, digits, _, . and -',
  })
  id: string;

  @ApiPropertyOptional({ example: 'VIP customers' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ example: 'Spent 1,000 or more within a year.' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string;

  @ApiProperty(ruleDocumentation)
  @IsDefined({ context: { remedy: 'Send a rule, such as { "tag": "vip" }.' } })
  rule: SegmentRule;
}

export class EvaluateSegmentDto implements EvaluateSegmentRequest {
  @ApiPropertyOptional({ description: 'Name of a stored segment.', example: 'vip' })
  @IsOptional()
  @IsString()
  segment?: string;

  @ApiPropertyOptional({ ...ruleDocumentation, description: 'A rule that is not stored, instead of a segment.' })
  @IsOptional()
  rule?: SegmentRule;

  @ApiPropertyOptional({ type: [String], maxItems: 10_000, example: ['17850', '13047'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @Length(1, 200, { each: true })
  userIds?: string[];
}

export class SegmentDto implements Segment {
  @ApiProperty({ example: 'vip' }) id: string;
  @ApiProperty({ example: 'VIP customers' }) name: string;
  @ApiProperty({ example: 'Spent 1,000 or more within a year.' }) description: string;
  @ApiProperty(ruleDocumentation) rule: SegmentRule;
  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:00:00.000Z' }) createdAt: string;
  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:00:00.000Z' }) updatedAt: string;
}

export class SegmentListDto {
  @ApiProperty({ type: [SegmentDto] }) items: SegmentDto[];
}

export class EvaluateSegmentResponseDto implements EvaluateSegmentResponse {
  @ApiProperty({ description: 'How many users are in it.', example: 312 }) size: number;
  @ApiProperty({
    type: [String],
    description: 'Those of userIds that are members; without userIds the first 100.',
    example: ['17850'],
  })
  members: string[];
}

export class SegmentUsersDto implements SegmentUsers {
  @ApiProperty({ type: [String], example: ['13047', '17850'] }) items: string[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor: string | null;
}
