import type { Problem } from '@xflow/schemas';
import { SaxesParser } from 'saxes';
import { errorProblem } from './problem.js';

export const bounds = {
  characters: 2_000_000,
  depth: 200,
  attributesOfTag: 100,
  namespaceDeclarations: 200,
  childrenOfElement: 25_000,
  elements: 100_000,
} as const;

/** What is told of a file, piece by piece, while it is read. Lines are counted from 1. */
export interface XmlSink {
  /** `attributes`: names and values, one after the other. */
  open(name: string, attributes: readonly string[], line: number): void;
  text(text: string, line: number): void;
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
  const problem = new BoundedReader(language, sink).read(text);
  return problem === null ? [] : refuse(problem.message, problem.remedy ?? exportAgain);
}

const deaf: XmlSink = { open: () => undefined, text: () => undefined, close: () => undefined };

/** Ends the reading from within the parser, which calls back. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Counts what the parser tells, and ends the reading with the first mistake. */
class BoundedReader {
  private readonly parser = new SaxesParser();
  private readonly open: { name: string; children: number }[] = [];
  private rootSeen = false;
  private elements = 0;
  private namespaceDeclarations = 0;
  private line = 1;

  constructor(
    private readonly language: string,
    private readonly sink: XmlSink,
  ) {}

  read(text: string): Refusal | null {
    const { parser, sink } = this;
    parser.on('opentagstart', ({ name }) => this.begin(name));
    // With more than seven listeners, the parser's own fields are kept in a dictionary, and reading takes five times as long.
    parser.on('opentag', ({ name, attributes }) => sink.open(name, this.attributesOf(name, attributes), this.line));
    parser.on('closetag', () => {
      this.open.pop();
      sink.close();
    });
    parser.on('text', (told) => {
      if (told.trim() !== '') sink.text(told, parser.line);
    });
    parser.on('cdata', (told) => sink.text(told, parser.line));
    parser.on('doctype', () => {
      throw this.doctype();
    });
    parser.on('error', ({ message }) => {
      // An entity that nobody declared stays as it is written.
      if (message.endsWith('undefined entity.')) return;
      throw message.includes('doctype') ? this.doctype() : this.malformed(message.replace(/^[\d:]+ |\.$/g, ''));
    });
    try {
      parser.write(text).close();
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
    return null;
  }

  private begin(name: string): void {
    if (!this.rootSeen && !/^(?:[^:]+:)?definitions$/.test(name))
      throw new Refused({
        message: `The file is no ${this.language}: its root element is <${name}>, and not <definitions>.`,
      });
    this.rootSeen = true;
    this.line = this.parser.line;
    if ((this.elements += 1) > bounds.elements) throw this.tooMuch(`it has more than ${bounds.elements} elements`);
    const parent = this.open.at(-1);
    if (parent && (parent.children += 1) > bounds.childrenOfElement)
      throw this.tooMuch(`<${parent.name}> has more than ${bounds.childrenOfElement} elements in it`);
    if (this.open.push({ name, children: 0 }) > bounds.depth)
      throw this.tooMuch(`elements are nested deeper than ${bounds.depth} levels`);
  }

  private attributesOf(tag: string, written: Readonly<Record<string, string>>): readonly string[] {
    const found: string[] = [];
    for (const name in written) {
      if (found.length >= 2 * bounds.attributesOfTag)
        throw this.tooMuch(`<${tag}> has more than ${bounds.attributesOfTag} attributes`);
      if (name.startsWith('xmlns') && (this.namespaceDeclarations += 1) > bounds.namespaceDeclarations)
        throw this.tooMuch(`it declares more than ${bounds.namespaceDeclarations} namespaces`);
      found.push(name, written[name]!);
    }
    return found;
  }

  private doctype(): Refused {
    return new Refused({
      message: `The file contains <!DOCTYPE in line ${this.parser.line}: document types and entities are refused.`,
      remedy: 'Remove the DOCTYPE: BPMN files need none.',
    });
  }

  private malformed(what: string): Refused {
    const { line, column } = this.parser;
    const meant =
      what === 'disallowed character' ? 'a character stands where none may, after an open quote perhaps' : what;
    return new Refused({ message: `The file is no well-formed XML: ${meant} (line ${line}, column ${column}).` });
  }

  private tooMuch(what: string): Refused {
    return new Refused({
      message: `The file is refused: ${what} (line ${this.parser.line}).`,
      remedy: 'Split the process: move parts of it into processes of their own, and call them by call activities.',
    });
  }
}
