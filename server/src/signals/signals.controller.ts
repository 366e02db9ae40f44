import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Variables } from '@xflow/engine';
import type { BroadcastSignalResponse } from '@xflow/schemas';
import { Runner } from '../runner/runner.js';
import { BroadcastSignalDto, BroadcastSignalResponseDto } from './signals.dto.js';

@ApiTags('Signals')
@Controller('signals')
export class SignalsController {
  constructor(private readonly runner: Runner) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Broadcast a signal',
    description:
      'It goes to every instance that waits for its name now, and starts the workflows that a signal of its name starts. Nobody later receives it.',
  })
  @ApiOkResponse({ type: BroadcastSignalResponseDto })
  broadcast(@Body() { name, variables = {} }: BroadcastSignalDto): Promise<BroadcastSignalResponse> {
    return this.runner.submit({ kind: 'signal', name, variables: variables as Variables });
  }
}
