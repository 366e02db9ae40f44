import type { Reading } from '../expressions/reading.js';
import { juelToFeel } from './juel.js';

/**
 * Turns `${...}` of other engines into FEEL, where it surely means the same. Text that is not `${...}` is FEEL already; a leading `=` is
 * taken away.
 */
export function toFeel(text: string): Reading<string> {
  const source = text.trim();
  if (source.startsWith('=')) return { ok: true, value: source.slice(1) };
  if (!/[$#]\{/.test(source)) return { ok: true, value: source };
  const inner = /^[$#]\{([^{}]*)\}$/.exec(source)?.[1];
  const reading: Reading<string> =
    inner === undefined
      ? { ok: false, reason: 'it is text with expressions in it', remedy: 'Write it in FEEL, as in ="Hello " + name.' }
      : juelToFeel(inner);
  if (reading.ok) return reading;
  return {
    ok: false,
    reason: `${source} is an expression of another engine whose meaning is not certain here: ${reading.reason}.`,
    remedy: reading.remedy,
  };
}
