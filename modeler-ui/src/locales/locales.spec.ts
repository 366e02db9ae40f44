import { readFileSync } from 'node:fs';

interface Tree {
  readonly [key: string]: string | Tree;
}
function read(file: string): Tree {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Tree;
}
function flat(tree: Tree, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : flat(value, `${prefix}${key}.`),
  );
}
const placeholders = (text: string): readonly string[] => [...new Set(text.match(/{\w+}/g) ?? [])].sort();

describe('the texts of the console', () => {
  const en = new Map(flat(read('./en.json')));
  const zh = new Map(flat(read('./zh.json')));

  it('have the same keys in English and Chinese', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('are never empty', () => {
    expect([...en, ...zh].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('take the same parameters in both languages', () => {
    const differing = [...en].filter(([key, text]) => `${placeholders(text)}` !== `${placeholders(zh.get(key) ?? '')}`);
    expect(differing).toEqual([]);
  });

  it('have as many plural forms in both languages', () => {
    const forms = (text: string): number => text.split(' | ').length;
    expect([...en].filter(([key, text]) => forms(text) !== forms(zh.get(key) ?? ''))).toEqual([]);
  });
});
