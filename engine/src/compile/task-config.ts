import { type Schema, Validator } from '@cfworker/json-schema';
import type { TaskType } from '@xflow/schemas';
import type { Variables } from '../json.js';
import { type Entry, objectConstant } from '../expressions/template.js';
import type { ConfigSchema } from './config-literal.js';

/** Checks configurations of one task type against its JSON Schema (2020-12). */
export class TaskConfigSchema {
  private readonly whole: Validator;
  private readonly parts = new Map<string, Validator>();
  readonly schema: ConfigSchema;

  constructor(private readonly taskType: TaskType) {
    this.schema = taskType.schema as ConfigSchema;
    this.whole = validator(taskType.schema);
  }

  property(name: string): ConfigSchema | undefined {
    const { properties } = this.schema;
    return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }

  /** Entries for the properties that the schema gives a default, and the diagram no value. */
  defaults(given: readonly Entry[]): Entry[] {
    const names = new Set(given.map(([name]) => name));
    return Object.entries(this.schema.properties ?? {}).flatMap(([name, property]): Entry[] =>
      property.default === undefined || names.has(name) ? [] : [[name, { constant: property.default }]],
    );
  }

  /** What is wrong with an evaluated configuration, as whole sentences. */
  check(config: Variables): readonly string[] {
    return sentences(this.whole, config, this.taskType.type);
  }

  /** What is wrong with a configuration that is not evaluated yet: names, what is missing, and the constants. */
  checkEntries(entries: readonly Entry[]): readonly string[] {
    const constant = objectConstant(entries);
    if (constant) return this.check(constant);
    const { type } = this.taskType;
    const names = new Set(entries.map(([name]) => name));
    return [
      ...(this.schema.required ?? [])
        .filter((name) => !names.has(name))
        .map((name) => `The configuration of ${type} lacks "${name}".`),
      ...entries.flatMap(([name, leaf]) => {
        if (this.property(name) === undefined)
          return this.schema.additionalProperties === false ? [unknownEntry(type, name, this.schema)] : [];
        return 'constant' in leaf ? sentences(this.part(name), leaf.constant, type, name) : [];
      }),
    ];
  }

  private part(name: string): Validator {
    let part = this.parts.get(name);
    if (!part) {
      part = validator({
        ...this.property(name),
        ...(this.schema.$defs === undefined ? {} : { $defs: this.schema.$defs }),
      });
      this.parts.set(name, part);
    }
    return part;
  }
}

function validator(schema: object): Validator {
  // The identity of the schema plays no role here, and equal ones would clash.
  const { $id: _, ...anonymous } = schema as Schema;
  return new Validator(anonymous, '2020-12', false);
}

function unknownEntry(type: string, name: string, { properties = {} }: ConfigSchema): string {
  return `The configuration of ${type} has no entry "${name}"; it knows ${Object.keys(properties).join(', ') || 'none'}.`;
}

function sentences(checker: Validator, value: unknown, type: string, name?: string): readonly string[] {
  const { errors } = checker.validate(value);
  return errors
    .filter(({ keyword }) => !['properties', 'additionalProperties', 'items', '$ref'].includes(keyword))
    .map(({ instanceLocation, keyword, error }) => {
      const place = [...(name === undefined ? [] : [name]), ...instanceLocation.split('/').slice(1)].join('.');
      if (keyword === 'false' && !place.includes('.')) return `The configuration of ${type} has no entry "${place}".`;
      return `The configuration of ${type} is wrong${place === '' ? '' : ` at "${place}"`}: ${error}`;
    });
}
