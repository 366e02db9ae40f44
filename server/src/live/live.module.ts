import { Module } from '@nestjs/common';
import { LiveController } from './live.controller.js';
import { LiveView } from './live-view.js';

/** Changes of instances and workflows while they happen. */
@Module({ controllers: [LiveController], providers: [LiveView] })
export class LiveModule {}
