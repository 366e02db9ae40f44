/** One entry of a handler's configuration, as its JSON Schema describes it. */
export interface SchemaField {
  readonly name: string;
  /** `text` also for numbers; `json` for lists and objects, typed as JSON or as `=` FEEL. */
  readonly kind: 'text' | 'choice' | 'json';
  readonly options: readonly string[];
  readonly required: boolean;
  readonly description: string | null;
}

/** The fields of a form for a configuration. A schema that is no object with properties gives none. */
export function schemaFields(schema: Readonly<Record<string, unknown>>): readonly SchemaField[] {
  const properties = schema['properties'];
  if (!isRecord(properties)) return [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, property]) => {
    const definition = isRecord(property) ? property : {};
    const options = optionsOf(definition);
    const type = definition['type'];
    return {
      name,
      kind:
        options.length > 0 ? 'choice' : type === 'object' || type === 'array' || type === undefined ? 'json' : 'text',
      options,
      required: required.includes(name),
      description: typeof definition['description'] === 'string' ? definition['description'] : null,
    };
  });
}

function optionsOf(definition: Readonly<Record<string, unknown>>): readonly string[] {
  if (Array.isArray(definition['enum'])) return definition['enum'].map(String);
  return definition['type'] === 'boolean' ? ['true', 'false'] : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
