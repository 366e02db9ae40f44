import type { FastifyInstance } from 'fastify';

/** Takes a body of raw XML as if it had been sent as `{ "xml": "..." }`: one shape, checked in one way. */
export function acceptXmlBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'string' }, (_request, body, done) => {
    done(null, { xml: body });
  });
}
