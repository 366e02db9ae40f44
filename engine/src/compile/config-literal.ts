import type { Json } from '../json.js';

/** The part of a JSON Schema that says how a text is meant. */
export interface ConfigSchema {
  readonly type?: unknown;
  readonly items?: ConfigSchema;
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly default?: Json;
  readonly $defs?: unknown;
}

/**
 * Converts the text of a configuration to what its schema asks for: numbers, booleans, arrays (JSON, or comma-separated), objects (JSON).
 * Text that cannot be converted stays text, and the schema then refuses it.
 */
export function configLiteral(text: string, schema: ConfigSchema | undefined): Json {
  switch (schema?.type) {
    case 'number':
    case 'integer':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      return text.trim() === 'true' ? true : text.trim() === 'false' ? false : text;
    case 'array':
      if (text.trim().startsWith('[')) return parseJson(text);
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => configLiteral(part, schema.items));
    case 'object':
      return parseJson(text);
    default:
      return text;
  }
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
