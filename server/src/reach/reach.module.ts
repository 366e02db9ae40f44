import { Module } from '@nestjs/common';
import { ReachAnswerer } from './reach-answerer.js';

/** How often users may be reached. */
@Module({ providers: [ReachAnswerer] })
export class ReachModule {}
