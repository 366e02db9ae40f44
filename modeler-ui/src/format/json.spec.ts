import { parseJsonObject } from './json.js';

describe('parseJsonObject', () => {
  it('reads an object', () => {
    expect(parseJsonObject('{ "amount": 12 }')).toEqual({ ok: true, value: { amount: 12 } });
  });

  it('takes nothing for the empty object', () => {
    expect(parseJsonObject('  ')).toEqual({ ok: true, value: {} });
  });

  it('says why a text is no JSON', () => {
    expect(parseJsonObject('{ amount: 12 }')).toMatchObject({ ok: false, problem: { key: 'json.invalid' } });
  });

  it.each(['[1]', '12', 'null', '"text"'])('refuses %s, which is no object', (text) => {
    expect(parseJsonObject(text)).toMatchObject({ ok: false, problem: { key: 'json.notObject' } });
  });
});
