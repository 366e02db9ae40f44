import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Ladder, SegmentRule, Upgrade } from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const mostPoints = 1e9;

export class TierDto {
  @ApiProperty({ example: 'gold' })
  @Length(1, 100)
  tier: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'A condition over one user. See docs/segments.md.',
    example: { event: 'purchase', aggregate: 'sum', of: 'amount', window: 'P365D', operator: 'gte', value: 1000 },
  })
  @IsDefined({ context: { remedy: 'Send a rule, such as { "tag": "vip" }.' } })
  rule: SegmentRule;

  @ApiPropertyOptional({ type: [String], description: 'Recorded in the upgrade history.', example: ['free-shipping'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @Length(1, 100, { each: true })
  rewards?: string[];

  @ApiPropertyOptional({ description: 'Added once, when the tier is reached.', example: 500 })
  @IsOptional()
  @IsNumber()
  @Min(-mostPoints)
  @Max(mostPoints)
  points?: number;
}

export class LadderDto implements Ladder {
  @ApiProperty({ description: 'Name, as diagrams use it.', example: 'loyalty' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, {
    message: '$property must begin with a letter or digit, and consist of at most 100 letters, digits, _, . and -',
  })
  id: string;

  @ApiPropertyOptional({ example: 'Loyalty programme' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;

  @ApiProperty({ type: [TierDto], description: 'From low to high.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => TierDto)
  tiers: TierDto[];
}

export class LadderListDto {
  @ApiProperty({ type: [LadderDto] }) items: LadderDto[];
}

export class UpgradeDto implements Upgrade {
  @ApiProperty({ example: '17850' }) userId: string;
  @ApiProperty({ example: 'loyalty' }) ladder: string;
  @ApiProperty({ type: String, nullable: true, example: 'silver' }) from: string | null;
  @ApiProperty({ example: 'gold' }) to: string;
  @ApiProperty({ type: [String], example: ['free-shipping'] }) rewards: string[];
  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:00:00.000Z' }) at: string;
  @ApiProperty({ type: String, nullable: true }) instanceId: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Task_Upgrade' }) elementId: string | null;
}

export class UpgradePageDto {
  @ApiProperty({ type: [UpgradeDto] }) items: UpgradeDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor: string | null;
}
