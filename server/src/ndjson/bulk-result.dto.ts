import { ApiProperty } from '@nestjs/swagger';
import type { BulkResult } from '@xflow/schemas';

export class RejectedLineDto {
  @ApiProperty({ description: '1 is the first.', example: 17 }) line: number;
  @ApiProperty({ example: 'userId must be a text of 1 to 200 characters. Name the user.' }) reason: string;
}

export class BulkResultDto implements BulkResult {
  @ApiProperty({ example: 4999 }) accepted: number;
  @ApiProperty({ description: 'Events whose id was there already.', example: 0 }) duplicates: number;
  @ApiProperty({ type: [RejectedLineDto], description: 'At most 1,000 are listed.' }) rejected: RejectedLineDto[];
  @ApiProperty({ example: 1 }) rejectedCount: number;
}
