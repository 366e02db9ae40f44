import { Module } from '@nestjs/common';
import { Retention } from './retention.js';

/** Keeps tables from growing for ever. */
@Module({ providers: [Retention] })
export class RetentionModule {}
