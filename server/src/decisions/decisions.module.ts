import { Module } from '@nestjs/common';
import { DecisionAnswerer } from './decision-answerer.js';
import { DecisionCache } from './decision-cache.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';

/** Decisions of DMN, which business rule tasks ask. */
@Module({
  controllers: [DecisionsController],
  providers: [DecisionsService, DecisionCache, DecisionAnswerer],
})
export class DecisionsModule {}
