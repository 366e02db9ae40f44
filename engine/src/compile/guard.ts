import type { Problem } from '@xflow/schemas';
import { errorProblem } from './problem.js';
import { decodeXml, isXmlName } from './xml-text.js';

export const bounds = {
  characters: 2_000_000,
  depth: 200,
  attributesOfTag: 100,
  namespaceDeclarations: 200,
  childrenOfElement: 25_000,
  elements: 100_000,
} as const;

/** What is told of a file, piece by piece, while it is scanned. Positions are offsets in the text. */
export interface XmlSink {
  /** `attributes`: names and values, one after the other. */
  open(name: string, attributes: readonly string[], at: number): void;
  text(text: string, at: number): void;
  close(): void;
}

/** What an XML file is refused for. */
export interface Refusal {
  readonly message: string;
  readonly remedy?: string;
}

/**
 * Scans XML that may be hostile: once, never backwards, in time and memory linear in its length. Refuses what is too long, too deep or too wide,
 * what has a DOCTYPE (the door to entities), what is no well-formed XML, and what has another root element than `definitions`.
 * The sink is told what comes before the mistake; what it made of that is worth nothing then.
 */
export function guardXml(xml: string, language: 'BPMN' | 'DMN' = 'BPMN', sink: XmlSink = deaf): readonly Problem[] {
  const refuse = (message: string, remedy: string): readonly Problem[] => [errorProblem('xml', null, message, remedy)];
  const exportAgain = `Export the diagram as ${language === 'BPMN' ? 'BPMN 2.0' : 'DMN 1.3'} XML, and deploy that file.`;
  if (xml.length > bounds.characters)
    return refuse(
      `The file has ${xml.length} characters, more than ${bounds.characters}.`,
      'Split the process: move parts of it into processes of their own, and call them by call activities.',
    );
  const text = xml.startsWith('\uFEFF') ? xml.slice(1) : xml;
  const start = text.trimStart();
  if (start === '') return refuse('The file is empty.', exportAgain);
  if (text.includes('\0') || text.includes('\uFFFD'))
    return refuse(
      'The file is binary, or in another encoding than UTF-8.',
      'Save the file as UTF-8, and deploy it again.',
    );
  if (!start.startsWith('<')) return refuse('The file is no XML: it does not begin with "<".', exportAgain);
  const problem = new XmlScanner(text, language, sink).scan();
  return problem === null ? [] : refuse(problem.message, problem.remedy ?? exportAgain);
}

const deaf: XmlSink = { open: () => undefined, text: () => undefined, close: () => undefined };

/** Codes of characters that mean something to the scanner. */
const code = { space: 0x20, bang: 0x21, slash: 0x2f, equals: 0x3d, greater: 0x3e, question: 0x3f } as const;

/** Walks over the tags, and keeps the open ones on a stack. */
class XmlScanner {
  private at = 0;
  private readonly open: { name: string; children: number }[] = [];
  private rootSeen = false;
  private elements = 0;
  private namespaceDeclarations = 0;
  /** Names that were found to be names of XML; few are used many times. */
  private readonly names = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly language: string,
    private readonly sink: XmlSink,
  ) {}

  scan(): Refusal | null {
    const { text } = this;
    while (this.at < text.length) {
      const tag = text.indexOf('<', this.at);
      const end = tag === -1 ? text.length : tag;
      if (end > this.at) {
        const refusal = this.characters(text.slice(this.at, end));
        if (refusal) return refusal;
      }
      if (tag === -1) break;
      this.at = tag;
      const refusal = this.markup();
      if (refusal) return refusal;
    }
    const unclosed = this.open.at(-1);
    if (unclosed) return this.malformed(`<${unclosed.name}> is not closed, so the file is probably truncated`);
    return this.rootSeen ? null : this.malformed('it has no element');
  }

  private characters(text: string): Refusal | null {
    if (text.trim() === '') return null;
    if (this.open.length === 0) return this.malformed('there is text outside of the root element');
    const decoded = decodeXml(text);
    if (decoded === null) return this.malformed('a reference is to no character of XML');
    this.sink.text(decoded, this.at);
    return null;
  }

  private markup(): Refusal | null {
    switch (this.text.charCodeAt(this.at + 1)) {
      case code.slash:
        return this.closingTag();
      case code.question:
        return this.skipTo('?>', 'a processing instruction');
      case code.bang:
        return this.declaration();
      default:
        return this.openingTag();
    }
  }

  private declaration(): Refusal | null {
    if (this.text.startsWith('<!--', this.at)) return this.skipTo('-->', 'a comment', 4);
    if (!this.text.startsWith('<![CDATA[', this.at))
      return {
        message: `The file contains ${this.text.slice(this.at, this.at + 9).trim()} in line ${this.line()}: document types and entities are refused.`,
        remedy: 'Remove the DOCTYPE: BPMN files need none.',
      };
    if (this.open.length === 0) return this.malformed('there is text outside of the root element');
    const start = this.at + '<![CDATA['.length;
    const refusal = this.skipTo(']]>', 'a CDATA section', '<![CDATA['.length);
    if (refusal) return refusal;
    this.sink.text(this.text.slice(start, this.at - ']]>'.length), start);
    return null;
  }

  private skipTo(end: string, what: string, from = 2): Refusal | null {
    const found = this.text.indexOf(end, this.at + from);
    if (found === -1) return this.malformed(`${what} is not closed`);
    this.at = found + end.length;
    return null;
  }

  private closingTag(): Refusal | null {
    const opened = this.open.pop();
    this.at += 2;
    // Nearly always it is the expected one, so that it need not be read.
    if (opened && this.text.startsWith(opened.name, this.at)) {
      const after = this.at + opened.name.length;
      if (this.text.charCodeAt(after) === code.greater) {
        this.at = after + 1;
        this.sink.close();
        return null;
      }
    }
    const name = this.name();
    this.skipSpace();
    if (name === null || this.text.charCodeAt(this.at) !== code.greater)
      return this.malformed('a closing tag is broken');
    if (opened?.name !== name)
      return this.malformed(opened ? `<${opened.name}> is closed by </${name}>` : `</${name}> closes nothing`);
    this.at += 1;
    this.sink.close();
    return null;
  }

  private openingTag(): Refusal | null {
    const start = this.at;
    this.at += 1;
    const name = this.name();
    if (name === null) return this.malformed('a "<" does not begin a tag');
    if (this.open.length === 0 && this.rootSeen) return this.malformed('it has more than one root element');
    if (!this.rootSeen && !/^(?:[^:]+:)?definitions$/.test(name))
      return { message: `The file is no ${this.language}: its root element is <${name}>, and not <definitions>.` };
    this.rootSeen = true;
    const refusal = this.count();
    if (refusal) return refusal;
    const attributes: string[] = [];
    const mistake = this.attributes(name, attributes);
    if (mistake) return mistake;
    const empty = this.text.charCodeAt(this.at) === code.slash;
    this.at += empty ? 2 : 1;
    if (!empty && this.open.push({ name, children: 0 }) > bounds.depth)
      return this.tooMuch(`elements are nested deeper than ${bounds.depth} levels`);
    this.sink.open(name, attributes, start);
    if (empty) this.sink.close();
    return null;
  }

  private count(): Refusal | null {
    if ((this.elements += 1) > bounds.elements) return this.tooMuch(`it has more than ${bounds.elements} elements`);
    const parent = this.open.at(-1);
    if (parent && (parent.children += 1) > bounds.childrenOfElement)
      return this.tooMuch(`<${parent.name}> has more than ${bounds.childrenOfElement} elements in it`);
    return null;
  }

  /** Reads up to the `>` or `/>` of the tag, and adds names and values to `found`. */
  private attributes(tag: string, found: string[]): Refusal | null {
    const { text } = this;
    for (;;) {
      const before = this.at;
      this.skipSpace();
      const next = text.charCodeAt(this.at);
      if (next === code.greater || (next === code.slash && text.charCodeAt(this.at + 1) === code.greater)) return null;
      if (this.at >= text.length) return this.malformed(`<${tag}> is not closed, so the file is probably truncated`);
      const name = before === this.at ? null : this.name();
      if (name === null) return this.malformed(`an attribute of <${tag}> is broken`);
      for (let at = 0; at < found.length; at += 2)
        if (found[at] === name) return this.malformed(`<${tag}> has the attribute ${name} twice`);
      if (found.length >= 2 * bounds.attributesOfTag)
        return this.tooMuch(`<${tag}> has more than ${bounds.attributesOfTag} attributes`);
      if (name.startsWith('xmlns') && (this.namespaceDeclarations += 1) > bounds.namespaceDeclarations)
        return this.tooMuch(`it declares more than ${bounds.namespaceDeclarations} namespaces`);
      this.skipSpace();
      if (text.charCodeAt(this.at) !== code.equals)
        return this.malformed(`the attribute ${name} of <${tag}> has no value`);
      this.at += 1;
      this.skipSpace();
      const quote = text.charAt(this.at);
      const end = quote === '"' || quote === "'" ? text.indexOf(quote, this.at + 1) : -1;
      if (end === -1) return this.malformed(`the value of the attribute ${name} of <${tag}> is not in quotes`);
      const written = text.slice(this.at + 1, end);
      if (written.includes('<'))
        return this.malformed(
          `the value of the attribute ${name} of <${tag}> contains "<", or its quotes are not closed`,
        );
      const value = decodeXml(written);
      if (value === null)
        return this.malformed(`a reference in the attribute ${name} of <${tag}> is to no character of XML`);
      found.push(name, value);
      this.at = end + 1;
    }
  }

  /** Reads up to the first character that ends a name; null: what was read is none. */
  private name(): string | null {
    const { text } = this;
    const start = this.at;
    let at = start;
    while (!endsName(text.charCodeAt(at))) at += 1;
    this.at = at;
    const name = text.slice(start, at);
    if (this.names.has(name)) return name;
    if (!isXmlName(name)) return null;
    this.names.add(name);
    return name;
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
  }

  private malformed(what: string): Refusal {
    return { message: `The file is no well-formed XML: ${what} (line ${this.line()}).` };
  }

  private tooMuch(what: string): Refusal {
    return {
      message: `The file is refused: ${what} (line ${this.line()}).`,
      remedy: 'Split the process: move parts of it into processes of their own, and call them by call activities.',
    };
  }

  private line(): number {
    return lineOf(this.text, this.at);
  }
}

/** Line of a position, counted from 1. */
export function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

const isSpace = (char: number): boolean =>
  char === code.space || (char >= 0x9 && char <= 0xd && char !== 0xb && char !== 0xc);

/** Space, quotes and what else stands between names; not a number at the end of the text. */
const endsName = (char: number): boolean =>
  char <= code.space ||
  char === code.greater ||
  char === code.equals ||
  char === code.slash ||
  char === 0x22 ||
  char === 0x27 ||
  char === 0x3c ||
  Number.isNaN(char);
