import { readFileSync } from 'node:fs';
import { compile } from '../src/compile/compile.js';

/** Refers in every way in which one element of BPMN can refer to another. */
const xml = readFileSync(new URL('./diagrams/all-references.bpmn', import.meta.url), 'utf8');
const references = [...xml.matchAll(/(?:\w*Ref|default|calledElement)="([^"]+)"|<bpmn:\w+Refs?>([^<]+)</g)].map(
  (match) => {
    const id = match[1] ?? match[2] ?? '';
    return { id, at: match.index + match[0].lastIndexOf(id) };
  },
);

describe('a reference', () => {
  it('may lead to what it is for', async () => {
    expect(references.length).toBeGreaterThan(40);
    expect((await compile(xml)).problems.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('to anything else is read or refused, and breaks nothing', async () => {
    for (const { id, at } of references)
      for (const other of ['sed', 'p', 'or', 'f3']) {
        const wrong = xml.slice(0, at) + other + xml.slice(at + id.length);
        await expect(compile(wrong)).resolves.toHaveProperty('problems');
      }
  });
});
