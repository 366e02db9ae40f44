import { readdirSync, readFileSync } from 'node:fs';
import { elements } from '../src/elements/index.js';

const docs = new URL('../../docs/elements/', import.meta.url);
const sources = new URL('../src/elements/', import.meta.url);

/** What is there about elements beside their behaviours. */
const shared = ['element-behavior.ts', 'index.ts', 'join.ts'];

/** What any activity can have, with a page each. */
const characteristics = ['data', 'multi-instance', 'standard-loop', 'token-quantity'];

describe('every element', () => {
  const names = Object.keys(elements).sort();

  it('has a page in docs/elements, and every page an element', () => {
    const pages = readdirSync(docs).filter((file) => file !== 'README.md');
    expect(pages.sort()).toEqual([...names, ...characteristics].map((name) => `${name}.md`).sort());
  });

  it('is listed in the index of the pages', () => {
    const index = readFileSync(new URL('README.md', docs), 'utf8');
    // An entry is a line of a list; the prose may point at a page again.
    const listed = [...index.matchAll(/^- \[[^\]]*\]\(([a-z-]+)\.md\)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...names, ...characteristics].sort());
  });

  it('has a spec beside its behaviour', () => {
    const files = readdirSync(sources);
    const behaviors = files.filter((file) => !file.endsWith('.spec.ts') && !shared.includes(file));
    expect(behaviors.filter((file) => !files.includes(file.replace('.ts', '.spec.ts')))).toEqual([]);
  });
});
