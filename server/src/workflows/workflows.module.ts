import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { InstancesModule } from '../instances/instances.module.js';
import { DeploymentsService } from './deployments.service.js';
import { StartsService } from './starts.service.js';
import { WorkflowsController } from './workflows.controller.js';
import { WorkflowsService } from './workflows.service.js';
import { acceptXmlBodies } from './xml-body.js';

/** Workflows: what is deployed, and how instances of it start. */
@Module({
  imports: [InstancesModule],
  controllers: [WorkflowsController],
  providers: [WorkflowsService, DeploymentsService, StartsService],
  exports: [DeploymentsService],
})
export class WorkflowsModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    acceptXmlBodies(httpAdapter.getInstance<FastifyInstance>());
  }
}
