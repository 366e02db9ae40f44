import { createTranslate } from './translate.js';

describe('createTranslate', () => {
  it('follows the language of the moment', () => {
    let words: Record<string, string> = {};
    const translate = createTranslate(() => words);
    expect(translate('Create task')).toBe('Create task');
    words = { 'Create task': '创建任务' };
    expect(translate('Create task')).toBe('创建任务');
  });

  it('replaces what is given, and leaves what is not', () => {
    const translate = createTranslate(() => ({}));
    expect(translate('{a} of {b}', { a: '1' })).toBe('1 of {b}');
  });

  it('has no translation of names of Object', () => {
    expect(createTranslate(() => ({}))('constructor')).toBe('constructor');
  });
});
