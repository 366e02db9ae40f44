import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { guardXml } from './guard.js';

const journey = readFileSync(new URL('../../test/diagrams/vip-journey.bpmn', import.meta.url), 'utf8');
const messageOf = (xml: string): string => guardXml(xml)[0]?.message ?? 'accepted';
const inDefinitions = (content: string): string => `<definitions>${content}</definitions>`;

describe('guardXml', () => {
  it('accepts BPMN, with a byte order mark, comments and CDATA', () => {
    expect(guardXml(journey)).toEqual([]);
    expect(
      guardXml(`\uFEFF<?xml version="1.0"?><!-- a > b -->\n${inDefinitions('<a b="1 > 0"/><![CDATA[<x]]>')}`),
    ).toEqual([]);
  });

  it.each([
    ['nothing', '  \n ', 'The file is empty.'],
    ['JSON', '{"xml": "<definitions/>"}', 'The file is no XML: it does not begin with "<".'],
    ['HTML', '<html><body>Hi</body></html>', 'The file is no BPMN: its root element is <html>, and not <definitions>.'],
    ['binary', 'PK\u0003\u0004\0\0', 'The file is binary, or in another encoding than UTF-8.'],
    ['UTF-16 read as UTF-8', '\uFFFD\uFFFD<\0d\0', 'The file is binary, or in another encoding than UTF-8.'],
    [
      'a DOCTYPE',
      '<!DOCTYPE lolz [<!ENTITY lol "lol">]><definitions/>',
      'The file contains <!DOCTYPE in line 1: document types and entities are refused.',
    ],
    [
      'a DOCTYPE inside',
      inDefinitions('\n<!DOCTYPE x>'),
      'The file contains <!DOCTYPE in line 2: document types and entities are refused.',
    ],
    ['an open tag', '<definitions>\n<a>', 'The file is no well-formed XML: unclosed tag: a (line 2, column 3).'],
    [
      'an open quote',
      inDefinitions('<a b="1'),
      'The file is no well-formed XML: a character stands where none may, after an open quote perhaps (line 1, column 21).',
    ],
    [
      'crossed tags',
      inDefinitions('<a><b></a></b>'),
      'The file is no well-formed XML: unexpected close tag (line 1, column 23).',
    ],
    [
      'a twin attribute',
      inDefinitions('<a b="1" b="2"/>'),
      'The file is no well-formed XML: duplicate attribute: b (line 1, column 29).',
    ],
    [
      'two roots',
      '<definitions/><definitions/>',
      'The file is no well-formed XML: documents may contain only one root (line 1, column 27).',
    ],
    [
      'an open comment',
      '<definitions><!-- ',
      'The file is no well-formed XML: unclosed tag: definitions (line 1, column 18).',
    ],
  ])('refuses %s', (_what, xml, message) => {
    expect(messageOf(xml)).toBe(message);
  });

  it('bounds length, depth, attributes and children', () => {
    expect(messageOf(inDefinitions(' '.repeat(2_000_000)))).toContain('more than 2000000');
    expect(messageOf(inDefinitions('<a>'.repeat(20_000)))).toContain('nested deeper than 200 levels');
    const attributes = Array.from({ length: 100_000 }, (_, index) => ` a${index}=""`).join('');
    expect(messageOf(inDefinitions(`<a${attributes}/>`))).toContain('more than 100 attributes');
    expect(messageOf(inDefinitions('<a/>'.repeat(25_001)))).toContain('more than 25000 elements');
  });

  it('gives a verdict on any mutation of a diagram, and never throws', () => {
    const mutation = fc.record({
      at: fc.nat(journey.length),
      remove: fc.nat(40),
      insert: fc.oneof(
        fc.string(),
        fc.constantFrom('<', '>', '"', '/>', '<!--', ']]>', '<![CDATA[', '</', '&', '\0', '<?'),
      ),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let xml = journey;
        for (const { at, remove, insert } of mutations) xml = xml.slice(0, at) + insert + xml.slice(at + remove);
        for (const { message, remedy } of guardXml(xml)) {
          expect(message).toMatch(/^The file .*\.$/s);
          expect(remedy).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to the length for text that invites looking back', () => {
    for (const piece of ['<a ', '<!-- ', '"', "'", '<a b="', '</', '<definitions ', '<?'])
      expect(guardXml(`<definitions>${piece.repeat(Math.floor(1_900_000 / piece.length))}`)).toHaveLength(1);
  });
});
