import { RE2JS } from 're2js';
import type { Budget } from './budget.js';

/** Characters of a pattern, and what its counted repetitions may add up to. */
const maxPattern = 1_000;
const maxRepetitions = 1_000;
/** Work of searching for each character and instruction of the compiled pattern; of compiling for each instruction; of each match found. */
const searchWork = 0.25;
const compileWork = 10;
const matchWork = 20;
/** Work of compiling anything, a class of characters such as `\p{L}`, and one in both cases. */
const patternWork = 50;
const classWork = 200;
const foldedClassWork = 2_000;

/** Patterns that were compiled, by flags and text; emptied when full. */
const compiled = new Map<string, RE2JS>();
const maxCompiled = 200;

/**
 * The functions of FEEL that take patterns (DMN 1.3, 10.3.4.3), on an engine whose time is linear in the text: it does not backtrack, and so knows
 * neither lookaround nor back references. They give null where FEEL's own do, and throw an Error with a whole sentence for a pattern that cannot be used.
 */
export const patternFunctions: ReadonlyMap<string, (values: readonly unknown[], budget: Budget) => unknown> = new Map([
  ['matches', matches],
  ['replace', replace],
  ['split', split],
]);

function matches([input, pattern, flags = null]: readonly unknown[], budget: Budget): unknown {
  if (typeof input !== 'string' || typeof pattern !== 'string') return null;
  return prepare(pattern, flags, input, budget)?.test(input) ?? null;
}

function replace([input, pattern, replacement, flags = null]: readonly unknown[], budget: Budget): unknown {
  if (typeof input !== 'string' || typeof pattern !== 'string' || typeof replacement !== 'string') return null;
  const search = prepare(pattern, flags, input, budget);
  if (!search) return null;
  const parts: string[] = [];
  let end = 0;
  const matcher = search.matcher(input);
  while (matcher.find()) {
    const inserted = expand(replacement, (group) => (group <= matcher.groupCount() ? matcher.group(group) : null));
    budget.spend(matchWork + inserted.length / 16);
    parts.push(input.slice(end, matcher.start()), inserted);
    end = matcher.end();
  }
  return [...parts, input.slice(end)].join('');
}

function split([input, pattern]: readonly unknown[], budget: Budget): unknown {
  if (typeof input !== 'string' || typeof pattern !== 'string') return null;
  const search = prepare(pattern, null, input, budget);
  if (!search) return null;
  const parts: string[] = [];
  let end = 0;
  const matcher = search.matcher(input);
  while (matcher.find()) {
    // What is empty separates characters from each other, and not the first and last from nothing.
    if (matcher.end() === matcher.start() && (matcher.start() === end || matcher.start() === input.length)) continue;
    budget.spend(matchWork);
    parts.push(input.slice(end, matcher.start()));
    end = matcher.end();
  }
  return [...parts, input.slice(end)];
}

/** `$1` is a group, `$0` and `$&` the whole match, `$$` a dollar; anything else is itself. */
function expand(replacement: string, group: (number: number) => string | null): string {
  return replacement.replace(/\$(\d|&|\$)/g, (_whole, which: string) =>
    which === '$' ? '$' : (group(which === '&' ? 0 : Number(which)) ?? ''),
  );
}

/** Null: flags that do not exist. Spends the work of compiling and of one walk over the text. */
function prepare(pattern: string, flags: unknown, input: string, budget: Budget): RE2JS | null {
  const options = flags === null ? 0 : typeof flags === 'string' ? optionsOf(flags) : null;
  if (options === null) return null;
  const source = typeof flags === 'string' && flags.includes('x') ? withoutSpace(pattern) : pattern;
  if (source.length > maxPattern) throw new Error(`the pattern has more than ${maxPattern} characters.`);
  if (repetitionsOf(source) > maxRepetitions)
    throw new Error(`the repetitions of the pattern ${source} add up to more than ${maxRepetitions}.`);
  const search = compileOnce(source, options, budget);
  budget.spend(search.programSize() * searchWork * (input.length + 1));
  return search;
}

function compileOnce(source: string, options: number, budget: Budget): RE2JS {
  const key = `${options}:${source}`;
  const known = budget.patterns.get(key);
  if (known) return known;
  const ignoresCase = (options & RE2JS.CASE_INSENSITIVE) !== 0 || source.includes('(?');
  const classes = source.match(/\\p/gi)?.length ?? 0;
  budget.spend(patternWork + classes * (ignoresCase ? foldedClassWork : classWork));
  const search = compile(key, source, options);
  budget.spend(search.programSize() * compileWork);
  budget.patterns.set(key, search);
  return search;
}

function compile(key: string, source: string, options: number): RE2JS {
  const known = compiled.get(key);
  if (known) return known;
  let search: RE2JS;
  try {
    search = RE2JS.compile(RE2JS.translateRegExp(source), options);
  } catch {
    throw new Error(
      `the pattern ${source} cannot be used: it is no regular expression, or has lookaround or back references.`,
    );
  }
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(key, search);
  return search;
}

function optionsOf(flags: string): number | null {
  let options = 0;
  for (const flag of flags) {
    if (flag === 'i') options |= RE2JS.CASE_INSENSITIVE;
    else if (flag === 's') options |= RE2JS.DOTALL;
    else if (flag === 'm') options |= RE2JS.MULTILINE;
    else if (flag !== 'x') return null;
  }
  return options;
}

/** Space outside of character classes means nothing under the flag `x`. */
function withoutSpace(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\s+/g, (part) => (part.trim() === '' ? '' : part));
}

/** What counted repetitions would be written out to; nested ones are limited by the engine itself. */
function repetitionsOf(pattern: string): number {
  let sum = 0;
  for (const [, from = '0', until = ''] of pattern.matchAll(/\{(\d{1,9}),?(\d{0,9})\}/g))
    sum += Math.max(Number(from), until === '' ? 0 : Number(until));
  return sum;
}
