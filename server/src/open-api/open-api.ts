import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const root = '/api/docs';

/**
 * `/api/docs` shows the API in Swagger UI; `/api/docs/openapi.json` is the document itself. Page, script and style come
 * from this server and hold nothing inline, so that they work under a content security policy of `'self'`.
 */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: string | undefined;
  // Built at the first request: most servers never show it.
  const json = (): string => (document ??= JSON.stringify(openApiDocument(app)));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get(root, (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  fastify.get(`${root}/`, (_request, reply) => reply.redirect(root));
  fastify.get(`${root}/openapi.json`, (_request, reply) => reply.type('application/json; charset=utf-8').send(json()));
  fastify.get(`${root}/start.js`, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start));
  const require = createRequire(import.meta.url);
  const folder = dirname(createRequire(require.resolve('@nestjs/swagger')).resolve('swagger-ui-dist/package.json'));
  for (const [file, type] of Object.entries(assets)) {
    fastify.get(`${root}/${file}`, async (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'public, max-age=3600')
        .send(await readFile(join(folder, file))),
    );
  }
}

/** The OpenAPI document of all routes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('xflow')
    .setDescription(
      'Deploy workflows, start instances, send events and messages, complete tasks. Errors are RFC 9457 problem documents ' +
        'that list every problem of a request at once, each with its field and remedy.',
    )
    .setVersion('1')
    .build();
  return SwaggerModule.createDocument(app, config);
}

const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>xflow API</title>
    <link rel="icon" href="${root}/favicon-32x32.png" />
    <link rel="stylesheet" href="${root}/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${root}/swagger-ui-bundle.js"></script>
    <script src="${root}/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '${root}/openapi.json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;
