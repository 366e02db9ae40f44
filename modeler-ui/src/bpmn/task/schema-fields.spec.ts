import { schemaFields } from './schema-fields.js';

describe('schemaFields', () => {
  it('tells kind, choices and need of every property', () => {
    const schema = {
      type: 'object',
      properties: {
        url: { type: 'string', description: 'Address.' },
        method: { type: 'string', enum: ['GET', 'POST'] },
        follow: { type: 'boolean' },
        headers: { type: 'object' },
        body: {},
      },
      required: ['url'],
    };
    expect(schemaFields(schema).map(({ name, kind, options, required }) => [name, kind, options, required])).toEqual([
      ['url', 'text', [], true],
      ['method', 'choice', ['GET', 'POST'], false],
      ['follow', 'choice', ['true', 'false'], false],
      ['headers', 'json', [], false],
      ['body', 'json', [], false],
    ]);
  });

  it.each([{}, { properties: null }, { properties: [] }])('gives no field for %j', (schema) => {
    expect(schemaFields(schema)).toEqual([]);
  });
});
