import type { Problem } from '@xflow/schemas';
import { errorProblem } from './problem.js';

export const bounds = {
  characters: 2_000_000,
  depth: 200,
  attributesOfTag: 100,
  namespaceDeclarations: 200,
  childrenOfElement: 25_000,
} as const;

/**
 * Looks at the raw text before any parser sees it: XML is hostile input. Refuses what is too long, too deep or too wide, what has a
 * DOCTYPE (the door to entities), what is no well-formed XML, and what has another root element than `definitions`. Time and memory are linear in the length.
 */
export function guardXml(xml: string, language: 'BPMN' | 'DMN' = 'BPMN'): readonly Problem[] {
  const refuse = (message: string, remedy: string): readonly Problem[] => [errorProblem('xml', null, message, remedy)];
  const exportAgain = `Export the diagram as ${language === 'BPMN' ? 'BPMN 2.0' : 'DMN 1.3'} XML, and deploy that file.`;
  if (xml.length > bounds.characters)
    return refuse(
      `The file has ${xml.length} characters, more than ${bounds.characters}.`,
      'Split the process: move parts of it into processes of their own, and call them by call activities.',
    );
  const text = xml.startsWith('\uFEFF') ? xml.slice(1) : xml;
  if (text.trim() === '') return refuse('The file is empty.', exportAgain);
  if (text.includes('\0') || text.includes('\uFFFD'))
    return refuse(
      'The file is binary, or in another encoding than UTF-8.',
      'Save the file as UTF-8, and deploy it again.',
    );
  const start = text.trimStart();
  if (!start.startsWith('<')) return refuse('The file is no XML: it does not begin with "<".', exportAgain);
  const problem = new XmlScanner(text, language).scan();
  return problem === null ? [] : refuse(problem.message, problem.remedy ?? exportAgain);
}

interface Refusal {
  readonly message: string;
  readonly remedy?: string;
}

const space = /[ \t\r\n]/;
const namePattern = /[A-Za-z_:][\w:.-]*/y;

/** Walks over the tags once, never backwards, and keeps the open ones on a stack. */
class XmlScanner {
  private at = 0;
  private readonly open: { name: string; children: number }[] = [];
  private rootSeen = false;
  private namespaceDeclarations = 0;

  constructor(
    private readonly text: string,
    private readonly language: string,
  ) {}

  scan(): Refusal | null {
    while (this.at < this.text.length) {
      const tag = this.text.indexOf('<', this.at);
      const end = tag === -1 ? this.text.length : tag;
      if (this.open.length === 0 && this.text.slice(this.at, end).trim() !== '')
        return this.malformed('there is text outside of the root element');
      if (tag === -1) break;
      this.at = tag;
      const refusal = this.markup();
      if (refusal) return refusal;
    }
    const unclosed = this.open.at(-1);
    if (unclosed) return this.malformed(`<${unclosed.name}> is not closed, so the file is probably truncated`);
    return this.rootSeen ? null : this.malformed('it has no element');
  }

  private markup(): Refusal | null {
    if (this.text.startsWith('<!--', this.at)) return this.skipTo('-->', 'a comment');
    if (this.text.startsWith('<?', this.at)) return this.skipTo('?>', 'a processing instruction');
    if (this.text.startsWith('<![CDATA[', this.at))
      return this.open.length > 0
        ? this.skipTo(']]>', 'a CDATA section')
        : this.malformed('there is text outside of the root element');
    if (this.text.startsWith('<!', this.at))
      return {
        message: `The file contains ${this.text.slice(this.at, this.at + 9).trim()} in line ${this.line()}: document types and entities are refused.`,
        remedy: 'Remove the DOCTYPE: BPMN files need none.',
      };
    return this.text[this.at + 1] === '/' ? this.closingTag() : this.openingTag();
  }

  private skipTo(end: string, what: string): Refusal | null {
    const found = this.text.indexOf(end, this.at + 2);
    if (found === -1) return this.malformed(`${what} is not closed`);
    this.at = found + end.length;
    return null;
  }

  private closingTag(): Refusal | null {
    this.at += 2;
    const name = this.name();
    this.skipSpace();
    const opened = this.open.pop();
    if (name === null || this.text[this.at] !== '>') return this.malformed('a closing tag is broken');
    if (opened?.name !== name)
      return this.malformed(opened ? `<${opened.name}> is closed by </${name}>` : `</${name}> closes nothing`);
    this.at += 1;
    return null;
  }

  private openingTag(): Refusal | null {
    this.at += 1;
    const name = this.name();
    if (name === null) return this.malformed('a "<" does not begin a tag');
    if (this.open.length === 0 && this.rootSeen) return this.malformed('it has more than one root element');
    if (!this.rootSeen && !/^(?:[\w.-]+:)?definitions$/.test(name))
      return { message: `The file is no ${this.language}: its root element is <${name}>, and not <definitions>.` };
    this.rootSeen = true;
    const parent = this.open.at(-1);
    if (parent && (parent.children += 1) > bounds.childrenOfElement)
      return this.tooMuch(`<${parent.name}> has more than ${bounds.childrenOfElement} elements in it`);
    const refusal = this.attributes(name);
    if (refusal) return refusal;
    const empty = this.text[this.at] === '/';
    this.at += empty ? 2 : 1;
    if (empty) return null;
    if (this.open.push({ name, children: 0 }) > bounds.depth)
      return this.tooMuch(`elements are nested deeper than ${bounds.depth} levels`);
    return null;
  }

  /** Reads up to the `>` or `/>` of the tag. */
  private attributes(tag: string): Refusal | null {
    const names = new Set<string>();
    for (;;) {
      const before = this.at;
      this.skipSpace();
      if (this.text[this.at] === '>' || this.text.startsWith('/>', this.at)) return null;
      if (this.at >= this.text.length)
        return this.malformed(`<${tag}> is not closed, so the file is probably truncated`);
      const name = before === this.at ? null : this.name();
      if (name === null) return this.malformed(`an attribute of <${tag}> is broken`);
      if (names.has(name)) return this.malformed(`<${tag}> has the attribute ${name} twice`);
      names.add(name);
      if (names.size > bounds.attributesOfTag)
        return this.tooMuch(`<${tag}> has more than ${bounds.attributesOfTag} attributes`);
      if (name.startsWith('xmlns') && (this.namespaceDeclarations += 1) > bounds.namespaceDeclarations)
        return this.tooMuch(`it declares more than ${bounds.namespaceDeclarations} namespaces`);
      this.skipSpace();
      if (this.text[this.at] !== '=') return this.malformed(`the attribute ${name} of <${tag}> has no value`);
      this.at += 1;
      this.skipSpace();
      const quote = this.text[this.at];
      const end = quote === '"' || quote === "'" ? this.text.indexOf(quote, this.at + 1) : -1;
      if (end === -1) return this.malformed(`the value of the attribute ${name} of <${tag}> is not in quotes`);
      if (this.text.slice(this.at, end).includes('<'))
        return this.malformed(
          `the value of the attribute ${name} of <${tag}> contains "<", or its quotes are not closed`,
        );
      this.at = end + 1;
    }
  }

  private name(): string | null {
    namePattern.lastIndex = this.at;
    const name = namePattern.exec(this.text)?.[0] ?? null;
    this.at += name?.length ?? 0;
    return name;
  }

  private skipSpace(): void {
    while (this.at < this.text.length && space.test(this.text.charAt(this.at))) this.at += 1;
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
    let line = 1;
    for (let at = this.text.indexOf('\n'); at !== -1 && at < this.at; at = this.text.indexOf('\n', at + 1)) line += 1;
    return line;
  }
}
