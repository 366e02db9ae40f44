import type { Reading } from '../expressions/reading.js';

const path = String.raw`[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*`;
const literal = String.raw`-?\d+(?:\.\d+)?|true|false|null|"[^"'\\]*"|'[^"'\\]*'`;
const variable = new RegExp(`^(!?)\\s*(${path})$`);
const comparison = new RegExp(`^(${path}|${literal})\\s*(==|!=|<=|>=|<|>)\\s*(${path}|${literal})$`);

/**
 * Turns `${...}` of other engines into FEEL, where it surely means the same: a variable, its negation, or one comparison.
 * Text that is not `${...}` is FEEL already; a leading `=` is taken away.
 */
export function toFeel(text: string): Reading<string> {
  const source = text.trim();
  if (source.startsWith('=')) return { ok: true, value: source.slice(1) };
  if (!/[$#]\{/.test(source)) return { ok: true, value: source };
  const inner = /^[$#]\{([^{}]*)\}$/.exec(source)?.[1]?.trim();
  const single = inner === undefined ? null : variable.exec(inner);
  if (single?.[2] !== undefined) return { ok: true, value: single[1] === '!' ? `not(${single[2]})` : single[2] };
  const compared = inner === undefined ? null : comparison.exec(inner);
  if (compared) {
    const [, left = '', operator = '', right = ''] = compared;
    const operand = (part: string): string => part.replaceAll("'", '"');
    return { ok: true, value: `${operand(left)} ${operator === '==' ? '=' : operator} ${operand(right)}` };
  }
  return {
    ok: false,
    reason: `${source} is an expression of another engine that is more than a variable or one comparison.`,
    remedy: 'Write it in FEEL, as in =amount > 100 and vip.',
  };
}
