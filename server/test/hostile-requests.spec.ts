import { diagram, end, message, process, receive, sequence, start } from './diagram.js';
import { startTestServer, type TestServer } from './test-server.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly allOf?: readonly Schema[];
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** JSON texts that must be refused, or taken, but never break anything. */
const hostile: Readonly<Record<string, string>> = {
  'the character U+0000': '"a\\u0000b"',
  'half of a surrogate pair': '"\\ud800"',
  'a long text': JSON.stringify('x'.repeat(100_000)),
  'an empty text': '""',
  'a number too large to be one': '1e400',
  'the largest number': '1.7976931348623157e308',
  'a whole number beyond all columns': '99999999999999999999999',
  'a negative number': '-1',
  'a fraction': '0.5',
  'deep nesting': nested(1_000),
  'very deep nesting': nested(100_000),
  'a list of many': `[${'1,'.repeat(10_001)}1]`,
  'a list of nothing': '[null]',
  'a list of objects': '[{}]',
  'names of prototypes': '{"__proto__": {"a": 1}, "constructor": {"prototype": {}}, "toString": 1}',
  'a long name': `{${JSON.stringify('k'.repeat(100_000))}: 1}`,
  'a name with U+0000': '{"a\\u0000": 1}',
  null: 'null',
  true: 'true',
  'a UUID': '"00000000-0000-0000-0000-000000000000"',
  'a time beyond all calendars': '"+275760-09-13T00:00:00.001Z"',
  'a time before all': '"-271821-04-20T00:00:00Z"',
};

/** Some thousands of requests. */
const patience = 180_000;

const hostileParts = [
  '%00',
  '%ED%A0%80',
  '%',
  'x'.repeat(5_000),
  '..%2f..',
  '%F0%9F%98%80',
  '-1',
  '1e999',
  '9'.repeat(30),
];

describe('requests that nobody well-meaning sends', () => {
  let server: TestServer;
  let api: OpenApi;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api.createUsers('ann');
    await server.api.deploy(diagram(message('m', 'm'), process('journey', sequence(start, receive('wait', 'm'), end))));
    api = await server.api.ok<OpenApi>('GET', '/docs/openapi.json');
  });

  const resolve = (schema: Schema): Schema => {
    if (schema.$ref !== undefined) return resolve(api.components.schemas[schema.$ref.split('/').at(-1)!]!);
    if (schema.allOf?.length === 1) return resolve(schema.allOf[0]!);
    return schema;
  };
  /** What stands for a valid value. */
  const sample = (schema: Schema): unknown => {
    const known = resolve(schema);
    if (known.example !== undefined) return known.example;
    if (known.enum) return known.enum[0];
    if (known.type === 'object' || known.properties)
      return Object.fromEntries((known.required ?? []).map((name) => [name, sample(known.properties?.[name] ?? {})]));
    if (known.type === 'array') return [sample(known.items ?? {})];
    return known.type === 'number' || known.type === 'integer' ? 1 : known.type === 'boolean' ? true : 'ann';
  };

  const send = async (method: string, path: string, body: string | null, type: string): Promise<string | null> => {
    const began = performance.now();
    const response = await fetch(`${server.url}${path}`, {
      method: method.toUpperCase(),
      ...(body === null ? {} : { body, headers: { 'content-type': type } }),
      signal: AbortSignal.timeout(20_000),
    }).catch((error: unknown) => error as Error);
    const what = `${method} ${path.slice(0, 100)} ${body?.slice(0, 150) ?? ''}`;
    if (response instanceof Error) return `${what}: ${String(response)} ${String(response.cause)}`;
    const text = await response.text();
    const took = performance.now() - began;
    if (response.status >= 500) return `${what}: ${response.status} ${text.slice(0, 300)}`;
    if (took > 8_000) return `${what}: took ${Math.round(took)} ms`;
    return null;
  };

  it(
    'are refused, each with a reason, wherever they go',
    async () => {
      const failures: (string | null)[] = [];
      for (const [path, operations] of Object.entries(api.paths))
        for (const [method, operation] of Object.entries(operations)) {
          if (path.endsWith('/live') || path.startsWith('/api/clock')) continue;
          const fill = (part: string | null): string =>
            path.replace(/\{(\w+)\}/g, () => part ?? '00000000-0000-4000-8000-000000000000');
          const queries = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
          const content = Object.entries(operation.requestBody?.content ?? {});
          const plain = content.find(([type]) => type === 'application/json');
          const body = plain === undefined ? null : JSON.stringify(sample(plain[1].schema));
          const tries: [string, string | null, string][] = [];
          if (path.includes('{')) for (const part of hostileParts) tries.push([fill(part), body, 'application/json']);
          for (const { name } of queries)
            for (const part of hostileParts) tries.push([`${fill(null)}?${name}=${part}`, body, 'application/json']);
          for (const [type, { schema }] of content) {
            if (type !== 'application/json') {
              for (const text of Object.values(hostile)) tries.push([fill('journey'), text, type]);
              continue;
            }
            const known = resolve(schema);
            for (const text of Object.values(hostile)) {
              tries.push([fill(null), text, type]);
              for (const field of Object.keys(known.properties ?? {})) {
                const rest = sample(known) as Record<string, unknown>;
                tries.push([
                  fill('journey'),
                  JSON.stringify({ ...rest, [field]: 0 }).replace(
                    `${JSON.stringify(field)}:0`,
                    () => `${JSON.stringify(field)}:${text}`,
                  ),
                  type,
                ]);
              }
            }
          }
          for (let at = 0; at < tries.length; at += 20)
            failures.push(...(await Promise.all(tries.slice(at, at + 20).map((one) => send(method, ...one)))));
        }
      expect(failures.filter((failure) => failure !== null)).toEqual([]);
      // And all is as before.
      const id = await server.api.start('journey', 'ann');
      expect(await server.api.status(id)).toMatchObject({ status: 'active', waitingAt: ['wait'] });
      const { items } = await server.api.ok<{ items: unknown[] }>('GET', '/incidents?type=step-failed');
      expect(items).toEqual([]);
    },
    patience,
  );
});
