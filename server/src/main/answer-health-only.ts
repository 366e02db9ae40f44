import type { FastifyInstance } from 'fastify';
import type { ServerRole } from '../database/server-identity.js';
import { problemDocument, problemHeaders } from '../http-problems/problem-document.js';
import { NotFoundError } from '../http-problems/problem-error.js';

/** For processes that are not there to answer requests: all that they tell is whether they can do their work. */
export function answerHealthOnly(fastify: Pick<FastifyInstance, 'addHook'>, role: ServerRole): void {
  const problem = new NotFoundError(
    `This server process has the role "${role}", and answers /api/health only. Ask a process with the role "api" or "all".`,
  );
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url === '/api/health') return;
    await reply
      .status(problem.status)
      .headers(problemHeaders(problem))
      .send(JSON.stringify(problemDocument(problem)));
  });
}
