import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { MigrateRequest, MigrationPreview, ModifyRequest, SetVariablesRequest } from '@xflow/schemas';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const variables = { type: 'object', additionalProperties: true, example: { campaign: 'spring' } } as const;

export class SetVariablesDto implements SetVariablesRequest {
  @ApiProperty(variables)
  @IsObject()
  variables: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'One of the scopes of the instance; default the instance itself.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  scopeId?: string;
}

export class ElementPlaceDto {
  @ApiProperty()
  @IsString()
  @MaxLength(500)
  elementId: string;

  @ApiPropertyOptional({ description: 'One of the scopes around it, where a subprocess runs more than once.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  scopeId?: string;
}

export class TokenPlaceDto {
  @ApiPropertyOptional({ description: 'One token.' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  tokenId?: string;

  @ApiPropertyOptional({ description: 'All tokens on this element.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  elementId?: string;
}

export class ModifyDto implements ModifyRequest {
  @ApiPropertyOptional({ type: [ElementPlaceDto], maxItems: 100 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ElementPlaceDto)
  activate?: ElementPlaceDto[];

  @ApiPropertyOptional({ type: [TokenPlaceDto], maxItems: 100 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => TokenPlaceDto)
  terminate?: TokenPlaceDto[];

  @ApiPropertyOptional({ ...variables, description: 'Set in the instance before.' })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class ElementPairDto {
  @ApiProperty({ description: 'Id in the version that the instance runs on.' })
  @IsString()
  @MaxLength(500)
  source: string;

  @ApiProperty({ description: 'Id in the version that it goes on under.' })
  @IsString()
  @MaxLength(500)
  target: string;
}

export class MigrateDto implements MigrateRequest {
  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version: number;

  @ApiPropertyOptional({ type: [ElementPairDto], maxItems: 10_000 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @ValidateNested({ each: true })
  @Type(() => ElementPairDto)
  mapping?: ElementPairDto[];
}

export class ObstacleDto {
  @ApiProperty({ type: String, nullable: true }) elementId: string | null;
  @ApiProperty() message: string;
  @ApiProperty() remedy: string;
}

export class MigrationPreviewDto implements MigrationPreview {
  @ApiProperty() fits: boolean;
  @ApiProperty({ type: [ObstacleDto] }) problems: ObstacleDto[];
  @ApiProperty({ type: [ElementPairDto] }) elements: ElementPairDto[];
  @ApiProperty({ type: [String] }) opened: string[];
  @ApiProperty({ type: [String] }) closed: string[];
}
