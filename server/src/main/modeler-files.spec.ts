import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { addSecurityHeaders, serveModeler } from './modeler-files.js';

describe('serveModeler', () => {
  let folder: string;
  let server: FastifyInstance;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xflow-modeler-'));
    mkdirSync(path.join(folder, 'assets'));
    writeFileSync(path.join(folder, 'index.html'), '<title>modeler</title>');
    writeFileSync(path.join(folder, 'assets', 'app-1a2b.js'), '1');
    server = fastify();
    addSecurityHeaders(server);
    await serveModeler(server, folder);
    server.get('/api/health', () => ({ status: 'ok' }));
    url = await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const get = (route: string, accept = 'text/html') => fetch(url + route, { headers: { accept } });

  it.each(['/', '/instances/some-id', '/users?cursor=x'])('answers %s with the page', async (route) => {
    const answer = await get(route);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('modeler');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self'`);
  });

  it('lets files with a hash in their name be kept for ever', async () => {
    const answer = await get('/assets/app-1a2b.js', '*/*');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    ['/api/none', 'text/html'],
    ['/assets/gone.js', '*/*'],
    ['/..%2f..%2fetc%2fpasswd', '*/*'],
  ])('has no page for %s', async (route, accept) => {
    expect((await get(route, accept)).status).toBe(404);
  });

  it('leaves the API alone, and is not there without a build', async () => {
    expect(await (await get('/api/health')).json()).toEqual({ status: 'ok' });
    const bare = fastify();
    await serveModeler(bare, path.join(folder, 'assets'));
    expect((await fetch(await bare.listen({ host: '127.0.0.1', port: 0 }))).status).toBe(404);
    await bare.close();
  });
});
