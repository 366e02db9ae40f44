import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SegmentEntity } from './segment.entity.js';
import { SegmentsAnswerer } from './segments-answerer.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsRepository } from './segments.repository.js';
import { SegmentsService } from './segments.service.js';

/** Named conditions over users. */
@Module({
  imports: [TypeOrmModule.forFeature([SegmentEntity])],
  controllers: [SegmentsController],
  providers: [SegmentsService, SegmentsRepository, SegmentsAnswerer],
  exports: [SegmentsService],
})
export class SegmentsModule {}
