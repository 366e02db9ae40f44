import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { BatchOperationsModule } from '../batch-operations/batch-operations.module.js';
import { InstancesModule } from '../instances/instances.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { DeploymentsService } from './deployments.service.js';
import { SegmentUses } from './segment-uses.js';
import { StartsService } from './starts.service.js';
import { VersionsService } from './versions.service.js';
import { WorkflowsController } from './workflows.controller.js';
import { WorkflowsService } from './workflows.service.js';
import { acceptXmlBodies } from './xml-body.js';

/** Workflows: what is deployed, and how instances of it start. */
@Module({
  imports: [BatchOperationsModule, InstancesModule, SegmentsModule],
  controllers: [WorkflowsController],
  providers: [WorkflowsService, VersionsService, DeploymentsService, StartsService, SegmentUses],
  exports: [DeploymentsService],
})
export class WorkflowsModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    acceptXmlBodies(httpAdapter.getInstance<FastifyInstance>());
  }
}
