import 'reflect-metadata';
import { createServer as createProbe } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ConsoleLogger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { watchScripts } from '@xflow/engine';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { EmbeddedPostgres } from '../database/embedded-postgres.js';
import { migrate } from '../database/migrate.js';
import type { ServerRole } from '../database/server-identity.js';
import { fastifyProblems } from '../http-problems/fastify-problems.js';
import { serveOpenApi } from '../open-api/open-api.js';
import { answerHealthOnly } from './answer-health-only.js';
import { addSecurityHeaders, serveModeler } from './modeler-files.js';

/** Milliseconds after which a script is ended, whatever it has counted; a counted one takes a tenth of a second. */
const scriptsEndWithin = 2_000;

/** Largest body of a request that is read as a whole, in bytes. Streams (NDJSON) have bounds of their own. */
const bodyLimit = 8 * 1024 * 1024;
/** Longest part of a path, in characters: an id of 200 characters, each of which may be encoded as four bytes (`%F0%9F%98%80`). */
const pathPartLimit = 200 * 12;
const portsTried = 100;

export interface ServerOptions {
  /** Default: the environment variable DATABASE_URL; without that, an embedded PostgreSQL below `data`. */
  readonly databaseUrl?: string;
  /** Folder of the embedded PostgreSQL; default `.xflow` in the working directory. */
  readonly data?: string;
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Default 3000. Where the port is taken, the next free one; 0: any free one. */
  readonly port?: number;
  /** A clock that stands still until POST /api/clock/advance, and where it begins in a fresh database (default: now). */
  readonly testClock?: boolean | { readonly beginsAt: number };
  /** Task handlers beside the shipped ones: classes with @TaskHandler. */
  readonly handlers?: readonly Type[];
  /** Default `all`. */
  readonly role?: ServerRole;
}

export interface RunningServer {
  /** Root of the server: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly databaseUrl: string;
  /** Finishes what was accepted, and stops; the embedded PostgreSQL too, unless another server uses it. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a server: database, migrations, runner, API, modeler. Resolves when it serves.
 * @throws an Error that tells the remedy, for people.
 */
export async function createServer(options: ServerOptions = {}): Promise<RunningServer> {
  const given = options.databaseUrl ?? process.env.DATABASE_URL;
  const embedded = given === undefined ? await EmbeddedPostgres.start({ home: options.data ?? '.xflow' }) : null;
  const databaseUrl = given ?? embedded!.url;
  let app: NestFastifyApplication | null = null;
  try {
    await migrate(databaseUrl);
    app = await createApp(databaseUrl, options);
    const url = await listen(app, options.host ?? '127.0.0.1', options.port ?? 3000);
    const running = app;
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await running.close();
      await embedded?.stop();
    };
    return {
      url,
      databaseUrl,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    await app?.close().catch(() => undefined);
    await embedded?.stop().catch(() => undefined);
    throw error;
  }
}

async function createApp(databaseUrl: string, options: ServerOptions): Promise<NestFastifyApplication> {
  watchScripts(() => {
    const end = performance.now() + scriptsEndWithin;
    return () => performance.now() > end;
  });
  const { testClock = false, handlers = [], role = 'all' } = options;
  const module = AppModule.forRoot({
    databaseUrl,
    testClock: testClock === true ? { beginsAt: Date.now() } : testClock === false ? null : testClock,
    handlers,
    role,
  });
  const adapter = new FastifyAdapter({
    ...fastifyProblems,
    bodyLimit,
    routerOptions: { maxParamLength: pathPartLimit },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new ConsoleLogger({ logLevels: ['error', 'warn'] }),
    abortOnError: false,
  });
  app.setGlobalPrefix('api');
  const fastify = adapter.getInstance();
  addSecurityHeaders(fastify);
  if (role === 'all' || role === 'api') {
    await serveModeler(fastify, fileURLToPath(new URL('../../../modeler-ui/dist', import.meta.url)));
    serveOpenApi(app);
  } else answerHealthOnly(fastify, role);
  await app.init();
  return app;
}

async function listen(app: NestFastifyApplication, host: string, wanted: number): Promise<string> {
  for (let port = wanted; ; port++) {
    const last = wanted === 0 || port >= Math.min(wanted + portsTried, 65_535);
    // Asked first, for a failed listen is reported as an error of the application.
    if (!last && !(await isFree(host, port))) continue;
    try {
      await app.listen(port, host);
      return await app.getUrl();
    } catch (error) {
      if (last || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** False when something listens there already; any other trouble is told by the listening itself. */
async function isFree(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createProbe();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
