import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ProblemFilter } from './problem-filter.js';
import { RequestPipe } from './request-pipe.js';

/** Checks every request, and answers every failure as an RFC 9457 problem document. */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: RequestPipe },
  ],
})
export class HttpProblemsModule {}
