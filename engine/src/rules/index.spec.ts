import { readdirSync, readFileSync } from 'node:fs';
import { rules } from './index.js';

const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

/** Told by the guard and the parser, before there is a diagram that rules could check. */
const beforeTheRules = ['references', 'unique-ids', 'xml'];

describe('rules', () => {
  const names = rules.map(({ name }) => name).sort();

  it('are all of the files here, each with a spec', () => {
    const specs = namesIn('.', '.spec.ts').filter((name) => name !== 'index');
    const files = namesIn('.', '.ts').filter((name) => !name.endsWith('.spec') && name !== 'index');
    expect([files, specs]).toEqual([names, names]);
  });

  it('are listed in the index of the pages', () => {
    const index = readFileSync(new URL('../../../docs/rules/README.md', import.meta.url), 'utf8');
    const listed = new Set([...index.matchAll(/\]\(([a-z-]+)\.md\)/g)].map(([, name]) => name));
    expect([...listed].sort()).toEqual([...names, ...beforeTheRules].sort());
  });

  it('have a page each, which tells the level', () => {
    const pages = namesIn('../../../docs/rules', '.md').filter((name) => name !== 'README');
    expect(pages).toEqual([...names, ...beforeTheRules].sort());
    for (const { name, level } of rules)
      expect(readFileSync(new URL(`../../../docs/rules/${name}.md`, import.meta.url), 'utf8')).toMatch(
        `# ${name}\n\nLevel: ${level}.`,
      );
  });
});
