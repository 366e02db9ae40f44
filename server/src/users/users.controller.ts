import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { BulkResult, User, UserHistory, UserLifecycle, UserPage } from '@xflow/schemas';
import type { FastifyRequest } from 'fastify';
import { BulkResultDto } from '../ndjson/bulk-result.dto.js';
import { PageQuery } from '../paging/page-query.dto.js';
import {
  LifecycleTransitionDto,
  PutUserDto,
  UserDto,
  UserHistoryDto,
  UserLifecycleDto,
  UserPageDto,
} from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({ summary: 'Users, by id' })
  @ApiOkResponse({ type: UserPageDto })
  list(@Query() page: PageQuery): Promise<UserPage> {
    return this.users.list(page);
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Create and update users from NDJSON, up to 16 MB a request' })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({
    schema: { type: 'string', example: '{"id":"17850","attributes":{"country":"France"},"tags":["newsletter"]}\n' },
  })
  @ApiOkResponse({ type: BulkResultDto })
  putBulk(@Req() request: FastifyRequest): Promise<BulkResult> {
    return this.users.putBulk(request.body, request.headers['content-length']);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One user' })
  @ApiOkResponse({ type: UserDto })
  get(@Param('id') id: string): Promise<User> {
    return this.users.get(id);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Create a user, or set what is given' })
  @ApiOkResponse({ type: UserDto })
  put(@Param('id') id: string, @Body() request: PutUserDto): Promise<User> {
    return this.users.put(id, request);
  }

  @Get(':id/lifecycle')
  @ApiOperation({ summary: 'Where a user stands, and how they came there' })
  @ApiOkResponse({ type: UserLifecycleDto })
  lifecycle(@Param('id') id: string): Promise<UserLifecycle> {
    return this.users.lifecycle(id);
  }

  @Post(':id/lifecycle/transition')
  @HttpCode(200)
  @ApiOperation({ summary: 'Move a user to a stage' })
  @ApiOkResponse({ type: UserLifecycleDto })
  transition(@Param('id') id: string, @Body() request: LifecycleTransitionDto): Promise<UserLifecycle> {
    return this.users.transition(id, request);
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'Everything about a user, newest first' })
  @ApiOkResponse({ type: UserHistoryDto })
  history(@Param('id') id: string, @Query() page: PageQuery): Promise<UserHistory> {
    return this.users.history(id, page);
  }
}
