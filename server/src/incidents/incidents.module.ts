import { Module } from '@nestjs/common';
import { InstancesModule } from '../instances/instances.module.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';

/** Failures that need someone: what they are, and how they are resolved. */
@Module({ imports: [InstancesModule], controllers: [IncidentsController], providers: [IncidentsService] })
export class IncidentsModule {}
