import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Ladder, Upgrade } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import { LadderDto, LadderListDto, UpgradePageDto } from './ladders.dto.js';
import { LaddersService } from './ladders.service.js';

@ApiTags('Ladders')
@Controller('ladders')
export class LaddersController {
  constructor(private readonly ladders: LaddersService) {}

  @Get()
  @ApiOperation({ summary: 'All ladders, by id' })
  @ApiOkResponse({ type: LadderListDto })
  async list(): Promise<{ items: Ladder[] }> {
    return { items: await this.ladders.list() };
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create a ladder, or replace it' })
  @ApiOkResponse({ type: LadderDto })
  put(@Param('id') id: string, @Body() ladder: LadderDto): Promise<Ladder> {
    return this.ladders.put(id, ladder);
  }

  @Get(':id/upgrades')
  @ApiOperation({ summary: 'Who rose on the ladder, newest first' })
  @ApiOkResponse({ type: UpgradePageDto })
  upgrades(
    @Param('id') id: string,
    @Query() page: PageQuery,
  ): Promise<{ items: Upgrade[]; nextCursor: string | null }> {
    return this.ladders.upgrades(id, page);
  }
}
