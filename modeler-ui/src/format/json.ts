/** A text that should hold a JSON object; the problem is the key of a text with its parameters. */
export type ParsedJson =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly problem: { readonly key: string; readonly parameters: Record<string, string> } };

/** Reads a JSON object that a person typed. Nothing typed is the empty object. */
export function parseJsonObject(text: string): ParsedJson {
  if (text.trim() === '') return { ok: true, value: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: { key: 'json.invalid', parameters: { reason } } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problem: { key: 'json.notObject', parameters: { example: '{ "amount": 12 }' } } };
  }
  return { ok: true, value: value as Record<string, unknown> };
}

/** A JSON value to read: on one line where it is short, else indented, with its beginning for where it is folded. */
export interface PrettyJson {
  readonly text: string;
  /** Takes more than 6 lines or 240 characters. */
  readonly isLong: boolean;
  readonly beginning: string;
}

export function prettyJson(value: unknown): PrettyJson {
  const flat = JSON.stringify(value) ?? 'null';
  const text = flat.length <= 60 ? flat : JSON.stringify(value, null, 2);
  const isLong = flat.length > 240 || text.split('\n').length > 6;
  return { text, isLong, beginning: `${[...flat].slice(0, 80).join('')}…` };
}
