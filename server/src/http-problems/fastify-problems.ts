import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asProblem, internalProblem, problemDocument, problemHeaders, problemMediaType } from './problem-document.js';
import { ProblemError } from './problem-error.js';

/** Options of the Fastify adapter for what fails before Nest sees the request: a path or a header that cannot be read. */
export const fastifyProblems = {
  frameworkErrors(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    const problem = asProblem(error) ?? internalProblem(request.id);
    void reply
      .status(problem.status)
      .headers(problemHeaders(problem))
      .send(JSON.stringify(problemDocument(problem)));
  },

  clientErrorHandler(error: Error & { readonly code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const problem = unreadable(error.code);
    const body = JSON.stringify(problemDocument(problem));
    socket.end(
      `HTTP/1.1 ${problem.status} Refused\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  },
};

function unreadable(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ProblemError(
      431,
      'headers-too-large',
      'The headers are too large',
      'The request line and the headers together exceed 16 KB. Send less in them: a long value belongs into the body.',
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProblemError(
      408,
      'timeout',
      'The request took too long',
      'The request did not arrive in time. Send it again.',
    );
  }
  return new ProblemError(
    400,
    'invalid-request',
    'The request is invalid',
    'The request is not valid HTTP/1.1. Send a valid one.',
  );
}
