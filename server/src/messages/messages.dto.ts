import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { PublishMessageRequest, PublishMessageResponse } from '@xflow/schemas';
import { IsInt, IsObject, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

export class PublishMessageDto implements PublishMessageRequest {
  @ApiProperty({ example: 'order-placed' })
  @Length(1, 200)
  name: string;

  @ApiProperty({ description: "By default a diagram waits under the user's id.", example: '17850' })
  @IsString()
  @MaxLength(500)
  correlationKey: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  variables?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Repeats with the same id are harmless.', maxLength: 200 })
  @IsOptional()
  @Length(1, 200)
  messageId?: string;

  @ApiPropertyOptional({ description: 'Kept so long for those who come later.', default: 3600, maximum: 2_592_000 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  ttlSeconds: number = 3600;
}

export class PublishMessageResponseDto implements PublishMessageResponse {
  @ApiProperty() messageId: string;
  @ApiProperty({ enum: ['correlated', 'started', 'buffered', 'dropped', 'duplicate'] })
  outcome: PublishMessageResponse['outcome'];
  @ApiProperty({ type: [String], description: 'Instances that receive it.' }) instanceIds: string[];
}
