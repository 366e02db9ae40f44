import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Template } from '@xflow/schemas';
import { TemplateDto, TemplateListDto } from './template.dto.js';
import { TemplatesService } from './templates.service.js';

@ApiTags('Templates')
@Controller('templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @ApiOperation({ summary: 'All templates, by id' })
  @ApiOkResponse({ type: TemplateListDto })
  async list(): Promise<{ items: Template[] }> {
    return { items: await this.templates.list() };
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create a template, or replace it' })
  @ApiOkResponse({ type: TemplateDto })
  put(@Param('id') id: string, @Body() template: TemplateDto): Promise<Template> {
    return this.templates.put(id, template);
  }
}
