import 'reflect-metadata';
import { connect } from 'node:net';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProblemDocument } from '@xflow/schemas';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, Max, MaxLength, ValidateNested } from 'class-validator';
import { fastifyProblems } from './fastify-problems.js';
import { HttpProblemsModule } from './http-problems.module.js';
import { ConflictError, ProblemError } from './problem-error.js';

class Part {
  @IsString() @MaxLength(5, { context: { remedy: 'Shorten it to five letters.' } }) name: string;
}
class Thing {
  @IsString() id: string;
  @IsOptional() @IsObject() attributes?: Record<string, unknown>;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Part) parts?: Part[];
}
class Page {
  @IsOptional() @IsInt() @Max(100) @Type(() => Number) limit?: number;
}

@Controller('things')
class ThingsController {
  @Post() create(@Body() thing: Thing): unknown {
    return { attributes: thing.attributes, isThing: thing instanceof Thing, isPart: thing.parts?.[0] instanceof Part };
  }
  @Get() list(@Query() page: Page): unknown {
    return { limit: page.limit };
  }
  @Get('defect') defect(): never {
    throw new Error('the password is swordfish');
  }
  @Get('taken') taken(): never {
    throw new ConflictError('The name is taken. Choose another.');
  }
  @Get('busy') busy(): never {
    throw new ProblemError(429, 'too-many-requests', 'The server is busy', 'Send the request again a little later.');
  }
  @Get('lost') lost(): never {
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  }
  @Get(':id') get(@Param('id') id: string): unknown {
    return { id };
  }
}
@Module({ imports: [HttpProblemsModule], controllers: [ThingsController] })
class ThingsModule {}

describe('problem documents', () => {
  let app: NestFastifyApplication;
  let base: string;
  beforeAll(async () => {
    const adapter = new FastifyAdapter({ ...fastifyProblems, bodyLimit: 10_000 });
    app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, {
      logger: false,
      abortOnError: false,
    });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(() => app.close());

  const request = async (method: 'GET' | 'POST', url: string, payload?: string, type = 'application/json') => {
    const response = await fetch(base + url, {
      method,
      ...(payload === undefined ? {} : { body: payload, headers: { 'content-type': type } }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      retryAfter: response.headers.get('retry-after'),
      body: (await response.json()) as unknown,
    };
  };
  const refused = async (...args: Parameters<typeof request>) => {
    const response = await request(...args);
    expect(response.type).toContain('application/problem+json');
    const problem = response.body as ProblemDocument;
    expect(problem.status).toBe(response.status);
    expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.(ts|js)/);
    return problem;
  };

  it('builds nested classes, and takes free JSON as it stands', async () => {
    const attributes = { constructor: 1, toString: 'x', deep: { hasOwnProperty: [null] } };
    const response = await request('POST', '/things', JSON.stringify({ id: 'a', attributes, parts: [{ name: 'p' }] }));
    expect(response).toMatchObject({ status: 201, body: { attributes, isThing: true, isPart: true } });
  });

  it('lists every problem of a body with its field and remedy', async () => {
    const body = JSON.stringify({ attributes: 3, parts: [{ name: 'p' }, { name: 'too long', x: 1 }], other: 1 });
    const problem = await refused('POST', '/things', body);
    expect(problem).toMatchObject({ type: 'urn:xflow:problem:invalid-request', status: 400, instance: '/things' });
    const byField = new Map(problem.errors?.map((error) => [error.field, error]));
    expect([...byField.keys()].sort()).toEqual(['$.attributes', '$.id', '$.other', '$.parts[1].name', '$.parts[1].x']);
    expect(byField.get('$.parts[1].name')?.remedy).toBe('Shorten it to five letters.');
    expect(byField.get('$.other')?.remedy).toContain('attributes, id, parts');
    expect(byField.get('$.id')?.message).toContain('missing');
  });

  it('converts numbers of queries, and refuses what is none', async () => {
    expect((await request('GET', '/things?limit=7')).body).toEqual({ limit: 7 });
    expect((await refused('GET', '/things?limit=many')).errors?.[0]?.field).toBe('$.limit');
    expect((await refused('GET', '/things?page=2')).errors?.[0]?.field).toBe('$.page');
  });

  it('refuses text that cannot be kept', async () => {
    const problem = await refused('POST', '/things', '{"id":"a\\u0000","attributes":{"b":["\\ud800"]}}');
    expect(problem.errors?.map((error) => error.field).sort()).toEqual(['$.attributes.b[0]', '$.id']);
    expect((await refused('GET', '/things/a%00b')).errors?.[0]?.field).toBe('$.id');
  });

  it('refuses nesting without end', async () => {
    const problem = await refused(
      'POST',
      '/things',
      `{"id":"a","attributes":{"a":${'['.repeat(4000)}${']'.repeat(4000)}}}`,
    );
    expect(problem.errors?.[0]?.message).toContain('deeper than 64 levels');
  });

  it.each([
    ['malformed JSON', 'POST', '/things', '{"id":', 'application/json', 400],
    ['a list for a body', 'POST', '/things', '[]', 'application/json', 400],
    ['poisoned JSON', 'POST', '/things', '{"id":"a","__proto__":{"x":1}}', 'application/json', 400],
    ['an unknown content type', 'POST', '/things', 'a,b', 'text/csv', 415],
    ['a body too large', 'POST', '/things', JSON.stringify({ id: 'a'.repeat(20_000) }), 'application/json', 413],
    ['an unknown route', 'GET', '/nothing?x=1', undefined, undefined, 404],
    ['a path that is no UTF-8', 'GET', '/things/%E0%A4%A', undefined, undefined, 400],
    ['a refusal of a service', 'GET', '/things/taken', undefined, undefined, 409],
  ] as const)('answers %s', async (_what, method, url, body, type, status) => {
    const problem = await refused(method, url, body, type);
    expect(problem.status).toBe(status);
    expect(problem.detail).toMatch(/\.$/);
  });

  it.each([
    ['a busy server', '/things/busy', 429],
    ['a database that went away', '/things/lost', 503],
  ])('tells when to come again: %s', async (_what, url, status) => {
    expect(await request('GET', url)).toMatchObject({ status, retryAfter: '1' });
    expect((await request('GET', '/things/taken')).retryAfter).toBeNull();
  });

  it('tells nothing of a defect but a reference to the log', async () => {
    const problem = await refused('GET', '/things/defect');
    expect(problem.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('swordfish');
    expect(problem.detail).toMatch(/[0-9a-f-]{36}/);
  });

  it('answers what is not HTTP', async () => {
    const port = Number(new URL(base).port);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', (data) => (text += data.toString()));
      socket.on('end', () => {
        resolve(text);
      });
      socket.on('error', reject);
    });
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('application/problem+json');
  });
});
