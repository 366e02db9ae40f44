import { parseJsonObject, prettyJson } from './json.js';

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

describe('prettyJson', () => {
  it('keeps a short value on one line', () => {
    expect(prettyJson({ sent: true, to: null })).toMatchObject({ text: '{"sent":true,"to":null}', isLong: false });
    expect(prettyJson(undefined).text).toBe('null');
  });

  it('indents a longer one', () => {
    const value = { sent: true, via: 'mailbox', to: 'someone.with.a.long.name@customers.example' };
    expect(prettyJson(value)).toMatchObject({ text: JSON.stringify(value, null, 2), isLong: false });
  });

  it('folds what is long behind its beginning', () => {
    expect(prettyJson('x'.repeat(500))).toMatchObject({ isLong: true, beginning: `"${'x'.repeat(79)}…` });
    expect(prettyJson(Array.from({ length: 60 }, (_, index) => index)).isLong).toBe(true);
  });
});
