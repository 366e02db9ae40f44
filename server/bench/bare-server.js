import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { BareWriter } from './bare-writer.js';
import { options, serve } from './child.js';

/**
 * Nest on Fastify with one route, and a group commit behind it: what comes while a batch is being written goes in the next one. No
 * validation, no engine, rows made beforehand.
 */
const { url, content } = options();
const pool = new Pool({ connectionString: url, max: 2 });
const writer = new BareWriter(pool, content);
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

let waiting = [];
let writing = false;
async function write() {
  await new Promise(setImmediate);
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 500);
    const ids = await writer.start(
      batch.map(({ userId }) => userId),
      tomorrow,
    );
    for (const [index, { resolve }] of batch.entries()) resolve(ids[index]);
  }
  writing = false;
}

class Starts {
  async start({ userId }) {
    const id = await new Promise((resolve) => {
      waiting.push({ userId, resolve });
      if (writing) return;
      writing = true;
      void write();
    });
    return { instances: [{ id, userId }] };
  }
}
Controller('workflows')(Starts);
Post(':key/start')(Starts.prototype, 'start', Object.getOwnPropertyDescriptor(Starts.prototype, 'start'));
Body()(Starts.prototype, 'start', 0);

class App {}
Module({ controllers: [Starts] })(App);

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error'] });
app.setGlobalPrefix('api');
await app.listen(0, '127.0.0.1');
serve({ url: await app.getUrl() }, () => null);
