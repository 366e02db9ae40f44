import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { BroadcastSignalRequest, BroadcastSignalResponse } from '@xflow/schemas';
import { IsObject, IsOptional, Length } from 'class-validator';

export class BroadcastSignalDto implements BroadcastSignalRequest {
  @ApiProperty({ example: 'sale-opened' })
  @Length(1, 200)
  name: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;
}

export class BroadcastSignalResponseDto implements BroadcastSignalResponse {
  @ApiProperty() name: string;
  @ApiProperty({ description: 'How many subscriptions it reaches; the instances take it in the next batches.' })
  reached: number;
  @ApiProperty({ type: [String], description: 'Instances that it starts.' }) startedInstanceIds: string[];
}
