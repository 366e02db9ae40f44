import { configLiteral } from './config-literal.js';

describe('configLiteral', () => {
  it.each([
    ['5', { type: 'integer' }, 5],
    ['-1.5', { type: 'number' }, -1.5],
    ['many', { type: 'number' }, 'many'],
    ['true', { type: 'boolean' }, true],
    ['yes', { type: 'boolean' }, 'yes'],
    ['a, b,', { type: 'array', items: { type: 'string' } }, ['a', 'b']],
    ['1,2', { type: 'array', items: { type: 'number' } }, [1, 2]],
    ['["a, b"]', { type: 'array' }, ['a, b']],
    ['{"a": 1}', { type: 'object' }, { a: 1 }],
    ['{broken', { type: 'object' }, '{broken'],
    ['5', { type: 'string' }, '5'],
    ['5', undefined, '5'],
  ])('converts %s by %j', (text, schema, value) => {
    expect(configLiteral(text, schema)).toEqual(value);
  });
});
