import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class ClockDto {
  @ApiProperty({ description: 'RFC 3339 time.', example: '2026-01-05T09:00:00.000Z' }) now: string;
}

export class AdvanceClockDto {
  @ApiPropertyOptional({ description: 'ISO 8601 duration.', example: 'P3D' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  by?: string;

  @ApiPropertyOptional({ description: 'RFC 3339 time.', example: '2026-01-08T09:00:00Z' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  to?: string;
}
