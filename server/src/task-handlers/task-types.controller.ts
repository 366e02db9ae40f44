import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { TaskType } from '@xflow/schemas';
import { TaskHandlerRegistry } from './task-handler-registry.js';

class TaskTypeDto implements TaskType {
  @ApiProperty({ example: 'send-email' }) type: string;
  @ApiProperty({ enum: ['answer', 'job'] }) kind: 'answer' | 'job';
  @ApiProperty({ example: 'Send an e-mail' }) title: string;
  @ApiProperty() description: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'JSON Schema of the configuration.' })
  schema: Record<string, unknown>;
}
class TaskTypeListDto {
  @ApiProperty({ type: [TaskTypeDto] }) items: TaskTypeDto[];
}

@ApiTags('Task types')
@Controller('task-types')
export class TaskTypesController {
  constructor(private readonly registry: TaskHandlerRegistry) {}

  @Get()
  @ApiOperation({ summary: 'What diagrams may name as a task type' })
  @ApiOkResponse({ type: TaskTypeListDto })
  list(): { items: TaskType[] } {
    return { items: this.registry.list() };
  }
}
