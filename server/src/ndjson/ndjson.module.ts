import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** Lets routes read bodies of content type application/x-ndjson as streams: see readBulk. */
@Module({})
export class NdjsonModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    httpAdapter
      .getInstance<FastifyInstance>()
      .addContentTypeParser('application/x-ndjson', (_request, payload, done) => {
        done(null, payload);
      });
  }
}
