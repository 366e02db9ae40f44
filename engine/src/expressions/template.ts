import type { Template } from '../expression.js';
import type { Json } from '../json.js';
import { compileExpression } from './compile-expression.js';
import { mergeNeeds, noNeeds } from './needs.js';
import type { Reading } from './reading.js';

/** A value of a template: a constant, or something evaluated (an expression, or an object with expressions in it). */
export type Leaf = { readonly constant: Json } | { readonly computed: Template };
export type Entry = readonly [name: string, leaf: Leaf];

/** An object whose entries are constants or computed; evaluating stops at the first failure, which names the entry. */
export function objectTemplate(entries: readonly Entry[]): Template {
  const constant = objectConstant(entries);
  if (constant) {
    const result = Object.freeze({ ok: true as const, value: constant });
    return Object.freeze<Template>({ needs: noNeeds, evaluate: () => result });
  }
  return Object.freeze<Template>({
    needs: mergeNeeds(entries.flatMap(([, leaf]) => ('computed' in leaf ? [leaf.computed] : []))),
    evaluate: (context) => {
      const values: [string, Json][] = [];
      for (const [name, leaf] of entries) {
        const result =
          'constant' in leaf ? { ok: true as const, value: leaf.constant } : leaf.computed.evaluate(context);
        if (!result.ok) return { ...result, reason: `The value of ${name} cannot be computed. ${result.reason}` };
        values.push([name, result.value]);
      }
      return { ok: true, value: Object.fromEntries(values) };
    },
  });
}

/** Entries whose paths begin with one name are an object of that name. */
export function nestedEntries(
  entries: readonly { readonly name: string; readonly path: readonly string[]; readonly leaf: Leaf }[],
): Entry[] {
  const names = [...new Set(entries.map(({ name }) => name))];
  return names.map((name) => {
    const own = entries.filter((entry) => entry.name === name);
    const whole = own.findLast(({ path }) => path.length === 0);
    if (whole) return [name, whole.leaf];
    const parts = own.map(({ path: [first = '', ...path], leaf }) => ({ name: first, path, leaf }));
    return [name, objectLeaf(nestedEntries(parts))];
  });
}

export function objectLeaf(entries: readonly Entry[]): Leaf {
  const constant = objectConstant(entries);
  return constant ? { constant } : { computed: objectTemplate(entries) };
}

/** The object itself when all of its entries are constants, else null. */
export function objectConstant(entries: readonly Entry[]): Readonly<Record<string, Json>> | null {
  const values: [string, Json][] = [];
  for (const [name, leaf] of entries) {
    if (!('constant' in leaf)) return null;
    values.push([name, leaf.constant]);
  }
  return Object.freeze(Object.fromEntries(values));
}

/** Text that begins with `=` is FEEL, any other text is a constant, made by `convert`. */
export function readLeaf(text: string, convert: (text: string) => Json = (literal) => literal): Reading<Leaf> {
  if (!text.startsWith('=')) return { ok: true, value: { constant: convert(text) } };
  const reading = compileExpression(text.slice(1));
  return reading.ok ? { ok: true, value: { computed: reading.value } } : reading;
}
