import { Module } from '@nestjs/common';
import { EndWaiters } from './end-waiters.js';
import { InstanceExport } from './instance-export.js';
import { InstancesController } from './instances.controller.js';
import { InstancesService } from './instances.service.js';
import { OperateService } from './operate.service.js';

/** Instances: where they stand, and how they came there. */
@Module({
  controllers: [InstancesController],
  providers: [InstancesService, InstanceExport, OperateService, EndWaiters],
  exports: [InstancesService],
})
export class InstancesModule {}
