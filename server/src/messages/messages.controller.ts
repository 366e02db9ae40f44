import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PublishMessageResponse } from '@xflow/schemas';
import { PublishMessageDto, PublishMessageResponseDto } from './messages.dto.js';
import { MessagesService } from './messages.service.js';

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Publish a message',
    description:
      'It goes to every instance that waits for its name and key, and starts the workflows that a message of its name starts, for the ' +
      'user whose id is the key. Where there is neither, it is kept for ttlSeconds.',
  })
  @ApiOkResponse({ type: PublishMessageResponseDto })
  publish(@Body() request: PublishMessageDto): Promise<PublishMessageResponse> {
    return this.messages.publish(request);
  }
}
