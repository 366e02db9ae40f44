import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

const time = { format: 'date-time', example: '2026-01-05T09:00:00.000Z' } as const;

/** Which instances: those that meet all of it. Searches and batch operations take the same. */
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
  @Type(() => Number)
  version?: number;

  @ApiPropertyOptional({ description: 'Any version but this one.', minimum: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  @Type(() => Number)
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
  @Type(() => Boolean)
  incident?: boolean;

  @ApiPropertyOptional({ description: 'true: suspended ones; false: others.' })
  @IsOptional()
  @IsBoolean()
  @Type(() => Boolean)
  suspended?: boolean;

  @ApiPropertyOptional({ description: 'Started at this time or later.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  startedFrom?: string;

  @ApiPropertyOptional({ description: 'Started before this time.', ...time })
  @IsOptional()
  @IsISO8601({ strict: true })
  startedTo?: string;

  @ApiPropertyOptional({ description: 'Called by this instance.', format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  parentInstanceId?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 10,
    description: '`name=value` of variables that the process declares by xflow:searchable.',
    example: ['plan=gold'],
  })
  @IsOptional()
  @Type(() => Array)
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[^=\p{Cc}]{1,200}=.{0,500}$/su, { each: true, message: '$property must be name=value.' })
  variables?: string[];

  @ApiPropertyOptional({ type: [String], maxItems: 10_000, description: 'These, where they meet the rest.' })
  @IsOptional()
  @Type(() => Array)
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsUUID('all', { each: true })
  instanceIds?: string[];
}
