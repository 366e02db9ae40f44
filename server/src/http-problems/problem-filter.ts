import { randomUUID } from 'node:crypto';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asProblem, internalProblem, problemDocument, problemHeaders } from './problem-document.js';

/** Answers whatever was thrown as an RFC 9457 problem document. What is not a refusal is logged, and told as nothing but a reference. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const path = request.url.split('?', 1)[0] ?? request.url;
    let problem = asProblem(error);
    if (problem === null) {
      const reference = randomUUID();
      this.logger.error({ msg: `${request.method} ${path} failed`, reference, err: error });
      problem = internalProblem(reference);
    }
    if (reply.sent) return;
    void reply
      .status(problem.status)
      .headers(problemHeaders(problem))
      .send(JSON.stringify(problemDocument(problem, path)));
  }
}
