import type { LoadHookContext, ResolveHookContext } from 'node:module';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load, resolve } from './typescript-hooks.js';

const loadContext = { conditions: [], format: undefined, importAttributes: {} } as unknown as LoadHookContext;
const next = { format: 'module', source: 'from Node' };

describe('TypeScript hooks', () => {
  let folder: string;
  const url = (file: string) => pathToFileURL(join(folder, file)).href;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xflow-hooks-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('compile decorators and what constructors ask for', async () => {
    await writeFile(
      join(folder, 'handler.ts'),
      `import { A } from './a.js';
       @decorate() export class Handler { constructor(private readonly a: A) {} }
       function decorate(): ClassDecorator { return () => undefined; }`,
    );
    const { format, source } = await load(url('handler.ts'), loadContext, () => next);
    expect(format).toBe('module');
    expect(source).toContain('design:paramtypes');
    expect(source).not.toContain('private readonly');
  });

  it('leave everything else to Node', async () => {
    expect(await load(url('handler.js'), loadContext, () => next)).toBe(next);
    expect(await load(url('node_modules/x/handler.ts'), loadContext, () => next)).toBe(next);
  });

  it('find ./a.ts where it is imported as ./a.js, as the compiler does', async () => {
    await writeFile(join(folder, 'a.ts'), '');
    const context = {
      conditions: [],
      importAttributes: {},
      parentURL: url('handler.ts'),
    } as unknown as ResolveHookContext;
    const fromNode = { url: 'file:///from-node.js' };
    expect((await resolve('./a.js', context, () => fromNode)).url).toBe(url('a.ts'));
    expect(await resolve('./b.js', context, () => fromNode)).toBe(fromNode);
  });
});
