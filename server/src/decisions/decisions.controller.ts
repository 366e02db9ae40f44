import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DecisionDeployment, DecisionSummary, DeployedDecision } from '@xflow/schemas';
import type { FastifyReply } from 'fastify';
import { DecisionDeploymentDto, DecisionListDto, DeployDecisionsDto, DeployedDecisionDto } from './decisions.dto.js';
import { VersionQuery } from '../workflows/workflows.dto.js';
import { DecisionsService } from './decisions.service.js';

@ApiTags('Decisions')
@Controller('decisions')
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Post()
  @ApiOperation({
    summary: 'Deploy a DMN file',
    description: 'Every decision becomes a new version, unless the newest one is of the same file.',
  })
  @ApiConsumes('application/json', 'application/xml', 'text/xml')
  @ApiBody({ type: DeployDecisionsDto })
  @ApiCreatedResponse({ type: DecisionDeploymentDto })
  @ApiOkResponse({
    type: DecisionDeploymentDto,
    description: 'Nothing new: the newest versions came from the same file.',
  })
  async deploy(
    @Body() { xml }: DeployDecisionsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DecisionDeployment> {
    const deployment = await this.decisions.deploy(xml);
    reply.status(deployment.decisions.some(({ created }) => created) ? 201 : 200);
    return deployment;
  }

  @Get()
  @ApiOperation({ summary: 'All decisions in their newest versions, by id' })
  @ApiOkResponse({ type: DecisionListDto })
  async list(): Promise<{ items: DecisionSummary[] }> {
    return { items: await this.decisions.list() };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One decision with its file' })
  @ApiOkResponse({ type: DeployedDecisionDto })
  get(@Param('id') id: string, @Query() { version }: VersionQuery): Promise<DeployedDecision> {
    return this.decisions.get(id, version ?? null);
  }
}
