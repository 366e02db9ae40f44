import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type {
  ElementCounts,
  Deployment,
  InstanceStatus,
  PublishResponse,
  StartResponse,
  Workflow,
  WorkflowSummary,
} from '@xflow/schemas';
import type { FastifyReply } from 'fastify';
import { InstanceStatusDto } from '../instances/instances.dto.js';
import { InstancesService } from '../instances/instances.service.js';
import { DeploymentsService } from './deployments.service.js';
import { readIdempotencyKey } from '../runner/idempotency-key.js';
import { StartsService } from './starts.service.js';
import {
  DeployDto,
  DeployQuery,
  DeploymentDto,
  ExecuteDto,
  PublishDto,
  PublishResponseDto,
  StartDto,
  StartResponseDto,
  ElementCountsDto,
  VersionQuery,
  WorkflowDto,
  WorkflowListDto,
} from './workflows.dto.js';
import { VersionsService } from './versions.service.js';
import { WorkflowsService } from './workflows.service.js';

@ApiTags('Workflows')
@Controller('workflows')
export class WorkflowsController {
  constructor(
    private readonly workflows: WorkflowsService,
    private readonly deployments: DeploymentsService,
    private readonly versions: VersionsService,
    private readonly starts: StartsService,
    private readonly instances: InstancesService,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Deploy a BPMN file',
    description: 'Every executable process becomes a new version of its workflow, unless the newest one is the same.',
  })
  @ApiConsumes('application/json', 'application/xml', 'text/xml')
  @ApiBody({ type: DeployDto })
  @ApiCreatedResponse({ type: DeploymentDto })
  @ApiOkResponse({ type: DeploymentDto, description: 'Nothing new: the newest versions came from the same file.' })
  async deploy(
    @Body() { xml }: DeployDto,
    @Query() { state }: DeployQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Deployment> {
    const deployment = await this.deployments.deploy(xml, state);
    reply.status(deployment.workflows.some(({ created }) => created) ? 201 : 200);
    return deployment;
  }

  @Get()
  @ApiOperation({ summary: 'All workflows in their newest versions, by key' })
  @ApiOkResponse({ type: WorkflowListDto })
  async list(): Promise<{ items: WorkflowSummary[] }> {
    return { items: await this.workflows.list() };
  }

  @Get(':key')
  @ApiOperation({ summary: 'One workflow with its diagram' })
  @ApiOkResponse({ type: WorkflowDto })
  get(@Param('key') key: string, @Query() { version }: VersionQuery): Promise<Workflow> {
    return this.workflows.get(key, version ?? null);
  }

  @Get(':key/elements')
  @ApiOperation({ summary: 'How many active instances rest at each element, and how many incidents are open there' })
  @ApiOkResponse({ type: ElementCountsDto })
  elements(@Param('key') key: string, @Query() { version }: VersionQuery): Promise<ElementCounts> {
    return this.workflows.elements(key, version ?? null);
  }

  @Post(':key/versions/:version/publish')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make a version the active one, and say what becomes of instances of the others' })
  @ApiOkResponse({ type: PublishResponseDto })
  publish(
    @Param('key') key: string,
    @Param('version', ParseIntPipe) version: number,
    @Body() request: PublishDto,
  ): Promise<PublishResponse> {
    return this.versions.publish(key, version, request);
  }

  @Post(':key/versions/:version/deactivate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start nothing any more; what runs goes on' })
  @ApiOkResponse({ type: PublishResponseDto })
  deactivate(@Param('key') key: string, @Param('version', ParseIntPipe) version: number): Promise<PublishResponse> {
    return this.versions.deactivate(key, version);
  }

  @Delete(':key/versions/:version')
  @ApiOperation({ summary: 'Undeploy a version on which no instance runs: it is archived' })
  @ApiOkResponse({ type: PublishResponseDto })
  undeploy(@Param('key') key: string, @Param('version', ParseIntPipe) version: number): Promise<PublishResponse> {
    return this.versions.undeploy(key, version);
  }

  @Post('execute')
  @HttpCode(200)
  @ApiOperation({ summary: 'Deploy if there is a diagram, start, and wait for the end' })
  @ApiOkResponse({ type: InstanceStatusDto })
  execute(@Body() request: ExecuteDto): Promise<InstanceStatus> {
    return this.starts.execute(request);
  }

  @Post(':key/start')
  @ApiOperation({ summary: 'Start one instance, or up to 10,000 at once' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A repeat with the same key and body within a day is answered as the first request was, and starts nothing.',
  })
  @ApiCreatedResponse({ type: StartResponseDto })
  start(
    @Param('key') key: string,
    @Body() request: StartDto,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<StartResponse> {
    return this.starts.start(key, request, readIdempotencyKey(idempotencyKey));
  }

  @Get(':instanceId/status')
  @ApiOperation({ summary: 'Where an instance stands' })
  @ApiOkResponse({ type: InstanceStatusDto })
  status(@Param('instanceId') instanceId: string): Promise<InstanceStatus> {
    return this.instances.status(instanceId);
  }

  @Post(':instanceId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel an instance; one that has ended stays as it is' })
  @ApiOkResponse({ type: InstanceStatusDto })
  cancel(@Param('instanceId') instanceId: string): Promise<InstanceStatus> {
    return this.instances.cancel(instanceId);
  }
}
