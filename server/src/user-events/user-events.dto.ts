import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { UserEvent } from '@xflow/schemas';
import { IsObject, IsOptional, Length } from 'class-validator';
import { IsTime } from '../time/is-time.js';

export class UserEventDto implements UserEvent {
  @ApiProperty({ example: '17850', maxLength: 200 })
  @Length(1, 200)
  userId: string;

  @ApiProperty({ example: 'purchase', maxLength: 200 })
  @Length(1, 200)
  name: string;

  @ApiPropertyOptional({ description: 'When; default now.', format: 'date-time', example: '2026-01-05T09:00:00Z' })
  @IsOptional()
  @IsTime()
  at?: string;

  @ApiPropertyOptional({
    description: 'Repeats with the same id are harmless; default a random one.',
    example: '536365-85123A',
  })
  @IsOptional()
  @Length(1, 200)
  id?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: { amount: 15.3, country: 'France' } })
  @IsOptional()
  @IsObject()
  properties?: Record<string, unknown>;
}
