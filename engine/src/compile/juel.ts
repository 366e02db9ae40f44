import type { Reading } from '../expressions/reading.js';

/** Nesting of brackets and negations. */
const maxDepth = 20;
const token =
  /\s*(?:(&&|\|\||==|!=|<=|>=|[<>!()[\].+\-*/])|(\d+(?:\.\d+)?)(?![\w$])|"([^"\\]*)"|'([^'\\]*)'|([A-Za-z_][A-Za-z0-9_]*)(?![\w$]))/y;

const comparisons: Readonly<Record<string, string>> = {
  '==': '=',
  eq: '=',
  '!=': '!=',
  ne: '!=',
  '<': '<',
  lt: '<',
  '<=': '<=',
  le: '<=',
  '>': '>',
  gt: '>',
  '>=': '>=',
  ge: '>=',
};

/** Words that mean something else in one of the two languages. */
const reserved =
  /^(?:and|or|not|empty|eq|ne|lt|le|gt|ge|div|mod|instanceof|in|if|then|else|for|return|some|every|satisfies|between|instance|of|function|external|item|partial|user|segment|execution|task|true|false|null)$/;

interface Token {
  readonly kind: 'symbol' | 'number' | 'text' | 'word' | 'end';
  readonly text: string;
}

class Uncertain extends Error {}

interface Operand {
  readonly feel: string;
  /** Whether it is a number whatever the variables are. */
  readonly isNumber: boolean;
}

/**
 * Turns what stands inside of `${...}` (the unified expression language of Java) into FEEL, where both surely mean the same: variables and their properties,
 * literals, comparisons, `&&`, `||`, `!`, `empty`, `+`, `-`, `*`, `/` of numbers, `execution.getVariable('name')`. Not: calls of methods, remainders (of another sign
 * there), choices by `?`.
 */
export function juelToFeel(inner: string): Reading<string> {
  try {
    return { ok: true, value: new Translator(inner).whole() };
  } catch (error) {
    if (!(error instanceof Uncertain)) throw error;
    return {
      ok: false,
      reason: error.message,
      remedy: 'Write it in FEEL, as in =amount > 100 and vip.',
    };
  }
}

class Translator {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(inner: string) {
    this.tokens = tokensOf(inner);
  }

  whole(): string {
    const feel = this.either();
    if (this.next.kind !== 'end') this.refuse();
    return feel;
  }

  private either(): string {
    const parts = [this.both()];
    while (this.takes('||', 'or')) parts.push(this.both());
    return parts.length === 1 ? parts[0]! : parts.join(' or ');
  }

  private both(): string {
    const parts = [this.comparison()];
    while (this.takes('&&', 'and')) parts.push(this.comparison());
    return parts.length === 1 ? parts[0]! : parts.join(' and ');
  }

  private comparison(): string {
    const left = this.sum().feel;
    const operator =
      Object.hasOwn(comparisons, this.next.text) && this.next.kind !== 'text' ? comparisons[this.next.text] : undefined;
    if (operator === undefined) return left;
    this.at += 1;
    return `${left} ${operator} ${this.sum().feel}`;
  }

  private sum(): Operand {
    let left = this.product();
    for (;;) {
      const operator = this.takes('+') ? '+' : this.takes('-') ? '-' : null;
      if (operator === null) return left;
      const right = this.product();
      // Two texts are numbers there, and one text here.
      if (operator === '+' && !left.isNumber && !right.isNumber) this.refuse();
      left = { feel: `${left.feel} ${operator} ${right.feel}`, isNumber: true };
    }
  }

  private product(): Operand {
    let left = this.operand();
    for (;;) {
      const operator = this.takes('*') ? '*' : this.takes('/', 'div') ? '/' : null;
      if (operator === null) return left;
      left = { feel: `${left.feel} ${operator} ${this.operand().feel}`, isNumber: true };
    }
  }

  private operand(): Operand {
    const negative = this.takes('-');
    const isNumber = negative || this.next.kind === 'number';
    const feel = this.unary();
    return { feel: negative ? `-${/^\d/.test(feel) ? feel : `(${feel})`}` : feel, isNumber };
  }

  private unary(): string {
    this.depth += 1;
    if (this.depth > maxDepth) throw new Uncertain('it is nested too deeply');
    const feel = this.takes('!', 'not')
      ? // What is missing counts as false there, and negated as true.
        `not((${this.unary()}) = true)`
      : this.takes('empty')
        ? ((value) => `(${value} = null or ${value} = "" or ${value} = [])`)(this.unary())
        : this.primary();
    this.depth -= 1;
    return feel;
  }

  private primary(): string {
    const { kind, text } = this.next;
    this.at += 1;
    if (kind === 'number') return text;
    if (kind === 'text') return JSON.stringify(text);
    if (kind === 'symbol' && text === '(') {
      const inner = this.either();
      this.expect(')');
      return `(${inner})`;
    }
    if (kind !== 'word') this.refuse();
    if (text === 'true' || text === 'false' || text === 'null') return text;
    if (text === 'execution') return this.processVariable();
    if (reserved.test(text)) this.refuse();
    return this.path(text);
  }

  private path(start: string): string {
    let path = start;
    for (;;) {
      if (this.takes('.')) path += `.${this.name('word')}`;
      else if (this.takes('[')) {
        path += `.${this.name('text')}`;
        this.expect(']');
      } else return path;
    }
  }

  /** `execution.getVariable('name')` */
  private processVariable(): string {
    this.expect('.');
    this.expect('getVariable');
    this.expect('(');
    const name = this.name('text');
    this.expect(')');
    return this.path(name);
  }

  private name(kind: 'word' | 'text'): string {
    const { text } = this.next;
    if (this.next.kind !== kind || !/^[A-Za-z_]\w*$/.test(text) || reserved.test(text)) this.refuse();
    this.at += 1;
    return text;
  }

  private get next(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private takes(...texts: string[]): boolean {
    const { kind, text } = this.next;
    if ((kind !== 'symbol' && kind !== 'word') || !texts.includes(text)) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.takes(text)) this.refuse();
  }

  private refuse(): never {
    throw new Uncertain('it is more than variables, literals, comparisons and arithmetic of numbers');
  }
}

function tokensOf(inner: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = inner.trim();
  for (let at = 0; at < text.length;) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new Uncertain('it is more than variables, literals, comparisons and arithmetic of numbers');
    const [whole, symbol, number, double, single, word] = match;
    tokens.push(
      symbol !== undefined
        ? { kind: 'symbol', text: symbol }
        : number !== undefined
          ? { kind: 'number', text: number }
          : word !== undefined
            ? { kind: 'word', text: word }
            : { kind: 'text', text: double ?? single ?? '' },
    );
    at += whole.length;
  }
  return tokens;
}
