import { createServer } from '../dist/main/create-server.js';
import { options, serve } from './child.js';

/** The server as users start it. */
const server = await createServer({ databaseUrl: options().url, port: 0 });
serve(
  { url: server.url },
  () => null,
  () => server.close(),
);
