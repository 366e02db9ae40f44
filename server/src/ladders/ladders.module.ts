import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SegmentsModule } from '../segments/segments.module.js';
import { LadderEntity } from './ladder.entity.js';
import { LaddersController } from './ladders.controller.js';
import { LaddersService } from './ladders.service.js';

/** Tiers that users rise through. */
@Module({
  imports: [TypeOrmModule.forFeature([LadderEntity]), SegmentsModule],
  controllers: [LaddersController],
  providers: [LaddersService],
  exports: [LaddersService],
})
export class LaddersModule {}
