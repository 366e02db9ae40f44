import { parseExpression } from 'feelin';
import { builtInFunction, type FeelBuiltIn } from './built-in-functions.js';
import type { Reading } from './reading.js';

/** An expression rewritten so that it runs within bounds, and what it reads. */
export interface Instrumented {
  /** FEEL in which all that is repeated, made, compared or walked through passes through a function that counts it. */
  readonly source: string;
  /** Built-in functions that it calls, by the name under which the rewritten source calls them. */
  readonly functions: ReadonlyMap<string, { readonly name: string; readonly builtIn: FeelBuiltIn }>;
  /** What else the rewritten source calls or reads, and the expression does not. */
  readonly hooks: ReadonlySet<Hook>;
  /** Free names: process variables, and `user`. */
  readonly variables: readonly string[];
  readonly segments: readonly string[];
  /** Number of parts of the expression. */
  readonly size: number;
}

export type Hook =
  | 'bounds_each'
  | 'bounds_given'
  | 'bounds_input'
  | 'bounds_range'
  | 'bounds_sized'
  | 'bounds_step'
  | 'bounds_walked'
  | 'segment';

/** What an expression may use beside variables and built-in functions. */
export interface Surroundings {
  /** Functions that are values of variables: business knowledge models. */
  readonly functions: ReadonlySet<string>;
}
const alone: Surroundings = { functions: new Set() };

const maxDepth = 60;
/** Asked before parsing, because the parser's time grows with the square of the depth. */
const maxBrackets = 30;
const maxSigns = 30;
const maxNameLength = 100;

type Tree = ReturnType<typeof parseExpression>;
type Node = Tree['topNode'];

/** Parses an expression, and rewrites it by the positions in its syntax tree. */
export function instrument(expression: string, surroundings: Surroundings = alone): Reading<Instrumented> {
  const refused = refuseDepth(expression);
  if (refused) return refused;
  const tree = parseExpression(expression, {}, undefined);
  const writer = new Writer(expression, new Set([...localNames(tree, expression), ...surroundings.functions]));
  tree.iterate({ enter: ({ node }) => writer.enter(node), leave: ({ node }) => writer.leave(node) });
  return writer.finish();
}

/** To be asked before parsing. Null: brackets and signs are nested no deeper than allowed. */
export function refuseDepth(expression: string): (Reading<never> & { readonly ok: false }) | null {
  const reason =
    bracketDepth(expression) > maxBrackets
      ? `its brackets are nested deeper than ${maxBrackets} levels`
      : signs.test(expression)
        ? `it has more than ${maxSigns} signs in a row`
        : null;
  return (
    reason && {
      ok: false,
      reason: `The expression ${abbreviate(expression)} cannot be used: ${reason}.`,
      remedy: 'Compute parts of it in earlier tasks.',
    }
  );
}

const signs = new RegExp(`(?:-\\s*){${maxSigns + 1}}`);

/** Names that the expression itself defines: parameters, keys of contexts, iteration variables. */
function localNames(tree: Tree, expression: string): ReadonlySet<string> {
  const names = new Set<string>();
  tree.iterate({
    enter: ({ name, from, to }) => {
      if (name === 'Name') names.add(normalize(expression.slice(from, to)));
    },
  });
  return names;
}

class Writer {
  private readonly out: string[] = [];
  private cursor = 0;
  private depth = 0;
  private size = 0;
  private mistake: { reason: string; remedy: string } | null = null;
  private readonly functions = new Map<string, { name: string; builtIn: FeelBuiltIn }>();
  private readonly hooks = new Set<Hook>();
  private readonly variables = new Set<string>();
  private readonly segments = new Set<string>();

  constructor(
    private readonly expression: string,
    private readonly locals: ReadonlySet<string>,
  ) {}

  enter(node: Node): void {
    this.size += 1;
    this.depth += 1;
    if (this.depth > maxDepth) this.fail('it is nested deeper than 60 levels', 'Compute parts of it in earlier tasks.');
    if (node.type.isError)
      this.fail(
        `it is not understood ${this.place(node.from)}`,
        'Correct the syntax: conditions look like amount > 100 and vip.',
      );
    for (const wrapper of wrappersOf(node)) {
      this.hooks.add(wrapper);
      this.replace(node.from, node.from, `${wrapper}(`);
    }
    if (node.name === 'VariableName') this.name(node);
    if (node.name === '?') {
      this.hooks.add('bounds_input');
      this.replace(node.from, node.to, 'bounds_input');
    }
    if (node.name === '..' && node.parent?.name === 'IterationContext') this.replace(node.from, node.to, ',');
  }

  leave(node: Node): void {
    this.depth -= 1;
    for (const _ of wrappersOf(node)) this.replace(node.to, node.to, ')');
  }

  finish(): Reading<Instrumented> {
    if (this.mistake) return { ok: false, ...this.mistake };
    this.replace(this.expression.length, this.expression.length, '');
    return {
      ok: true,
      value: {
        source: this.out.join(''),
        functions: this.functions,
        hooks: this.hooks,
        variables: [...this.variables],
        segments: [...this.segments],
        size: this.size,
      },
    };
  }

  private name(node: Node): void {
    const name = normalize(this.expression.slice(node.from, node.to));
    if (name.length > maxNameLength)
      this.fail(
        `the name ${name.slice(0, 50)}... has more than ${maxNameLength} characters`,
        'Use shorter names, and operators between them.',
      );
    if (name.startsWith('bounds_')) this.fail(`the name ${name} is reserved`, 'Use another name.');
    const call = node.parent?.name === 'FunctionInvocation' && node.parent.from === node.from ? node.parent : null;
    if (!call || this.locals.has(name)) {
      this.variables.add(name);
      if (!this.locals.has(name) && parameterOf(name) !== name) this.replace(node.from, node.to, parameterOf(name));
      return;
    }
    if (name === 'segment') {
      this.hooks.add('segment');
      this.segment(call);
      return;
    }
    const builtIn = builtInFunction(name);
    if (!builtIn) {
      this.fail(`there is no function ${name}(...)`, 'Use the built-in functions of FEEL, and segment("name").');
      return;
    }
    const alias = `bounds_${name.replaceAll(' ', '_')}`;
    this.functions.set(alias, { name, builtIn });
    this.replace(node.from, node.to, alias);
  }

  private segment(call: Node): void {
    const parameters = call.getChild('PositionalParameters');
    const argument = parameters?.firstChild;
    const text = argument ? this.expression.slice(argument.from + 1, argument.to - 1) : '';
    if (argument?.name !== 'StringLiteral' || argument.nextSibling || text === '' || text.includes('\\'))
      this.fail(
        'segment(...) needs the name of a segment in quotes',
        'Write it as segment("vip"): the name must be known before the expression runs.',
      );
    else this.segments.add(text);
  }

  private replace(from: number, to: number, text: string): void {
    this.out.push(this.expression.slice(this.cursor, from), text);
    this.cursor = to;
  }

  private fail(reason: string, remedy: string): void {
    this.mistake ??= { reason: `The expression ${abbreviate(this.expression)} cannot be used: ${reason}.`, remedy };
  }

  private place(at: number): string {
    const rest = this.expression.slice(at, at + 20).trim();
    return rest === '' ? 'at its end' : `at "${rest}"`;
  }
}

/** Which functions the value of a node passes through, the outermost first. */
function wrappersOf(node: Node): readonly Hook[] {
  const [where, what] = [wrapperAt(node), wrapperOf(node)];
  if (where === null) return what === null ? none : [what];
  return what === null ? [where] : [where, what];
}

const none: readonly Hook[] = [];

/** For what the node is. */
function wrapperOf(node: Node): Hook | null {
  switch (node.name) {
    case 'IterationContext':
      return node.getChild('..') ? 'bounds_range' : 'bounds_each';
    case 'FunctionBody':
      return 'bounds_step';
    case 'List':
    case 'Context':
      return 'bounds_sized';
    case 'ArithmeticExpression':
      return node.getChild('ArithOp') && node.firstChild?.name !== 'ArithOp' ? 'bounds_sized' : null;
    default:
      return null;
  }
}

/** For what is done with it where it stands. */
function wrapperAt(node: Node): Hook | null {
  const { parent } = node;
  if (!parent || notValues.has(node.name)) return null;
  const isFirst = parent.firstChild?.from === node.from && parent.firstChild.to === node.to;
  switch (parent.name) {
    case 'Comparison':
    case 'SimplePositiveUnaryTest':
    case 'PositiveUnaryTest':
      return 'bounds_given';
    case 'InstanceOfExpression':
      return isFirst ? 'bounds_given' : null;
    case 'PathExpression':
      return isFirst ? 'bounds_walked' : null;
    case 'FilterExpression':
      return isFirst ? 'bounds_each' : null;
    default:
      return null;
  }
}

/** Parts of comparisons that are no operands, and literals, which cost nothing to compare. */
const notValues: ReadonlySet<string> = new Set([
  'CompareOp',
  'in',
  'between',
  'and',
  '(',
  ')',
  'PositiveUnaryTest',
  'PositiveUnaryTests',
  'SimplePositiveUnaryTest',
  'Interval',
  'Wildcard',
  'NumericLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'StringLiteral',
  '⚠',
]);

/** The parameter that stands for a variable: the interpreter keeps them in an object, where one name means something else. */
export function parameterOf(variable: string): string {
  return variable === '__proto__' ? 'bounds_proto' : variable;
}

function normalize(name: string): string {
  return name.replace(/\s+/g, ' ');
}

/** The source as messages quote it. */
export function abbreviate(source: string): string {
  return source.length > 200 ? `${source.slice(0, 197)}...` : source;
}

function bracketDepth(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [part] of expression.matchAll(/"(?:[^"\\]|\\.)*"|[([{]|[)\]}]/g)) {
    if (part.startsWith('"')) continue;
    depth += '([{'.includes(part) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
